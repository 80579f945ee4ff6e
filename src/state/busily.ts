/** Work that a person has asked for: a store says that it is busy meanwhile, and what goes wrong is reported. */
import { report } from './notices.ts';

/**
 * Returns what runs the work of one store. The store is busy until the last work is done. Work that fails is reported, and
 * resolves to undefined.
 */
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
