/** Work that a person has asked for: a store says that it is busy meanwhile, and what goes wrong is reported. */
import { report } from './notices.ts';

/** Gives undefined where the work failed. */
export const busily =
  (set: (state: { busy: boolean }) => void) =>
  async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    set({ busy: true });
    try {
      return await work();
    } catch (error) {
      report(error);
      return undefined;
    } finally {
      set({ busy: false });
    }
  };
