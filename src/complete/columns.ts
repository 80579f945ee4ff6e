/** How many pictures stand in a row: as large as fits, with few empty places in the last one. */

export const GRID_GAP = 16;
const SMALLEST = 120;
const LARGEST = 232;

export function columnsFor(count: number, width: number): number {
  const most = Math.max(1, Math.floor((width + GRID_GAP) / (SMALLEST + GRID_GAP)));
  const least = Math.min(most, Math.ceil((width + GRID_GAP) / (LARGEST + GRID_GAP)));
  const empty = (columns: number) => Math.ceil(count / columns) * columns - count;
  let best = Math.max(1, least);
  for (let columns = best + 1; columns <= most; columns++) if (empty(columns) < empty(best)) best = columns;
  return best;
}
