/** How kernels that work row by row divide their work: the threads that share a row, and the rows of a workgroup. */
import type { PlanBuilder } from '../plan.ts';
import type { Defines } from './expand.ts';

/** Every device starts at least so many workgroups in a dimension. */
const MOST = 65_535;

/**
 * A GPU shares a row among 32 threads, which put their sums together by its subgroups where it has them; a software adapter,
 * where a barrier is dear, gives each thread a row. Two rows a workgroup hide a barrier, one lets subgroups be of any size.
 */
export function rowDefines({ subgroups }: PlanBuilder, lanes: number): Defines & { ROWS: number } {
  const rows = lanes === 1 ? 16 : subgroups ? 1 : 2;
  return { ROWS: rows, ...reduction(subgroups, lanes, rows) };
}

/** What reduce.wgsl wants to know. */
export function reduction(subgroups: boolean, lanes: number, rows: number): Defines {
  return { LANES: lanes, GROUP: lanes * rows, SPLIT: lanes > 1, SUBGROUPS: lanes > 1 && subgroups };
}

/** Workgroups for m rows: in two dimensions, where they are many. */
export function rowGroups(m: number, { ROWS }: { ROWS: number }): [number, number] {
  const groups = Math.ceil(m / ROWS);
  const lines = Math.ceil(groups / MOST);
  return [Math.ceil(groups / lines), lines];
}
