/** Work that a person has asked for: a store says that it is busy meanwhile, and what goes wrong is reported. */
import { report } from './notices.ts';

/** The work of one store; undefined where it failed. The store is busy until the last of it is done. */
export function busily(set: (state: { busy: boolean }) => void) {
  let underWay = 0;
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    underWay += 1;
    set({ busy: true });
    try {
      return await work();
    } catch (error) {
      report(error);
      return undefined;
    } finally {
      underWay -= 1;
      set({ busy: underWay > 0 });
    }
  };
}
