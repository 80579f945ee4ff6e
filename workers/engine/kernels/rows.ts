/** How kernels that work row by row divide their work: the threads that share a row, and the rows of a workgroup. */
import type { Defines } from './expand.ts';

/** A GPU shares a row among 32 threads; a software adapter, where a barrier is dear, gives each thread a row. */
export function rowDefines(lanes: number): Defines & { ROWS: number } {
  return { LANES: lanes, ROWS: lanes > 1 ? 2 : 16, SPLIT: lanes > 1 };
}
