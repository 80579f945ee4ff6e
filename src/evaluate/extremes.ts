/** The pictures that a model foresees best and worst, and all of them as a table. */
import type { DatasetInfo, Likelihood } from '../../workers/contract.ts';

/** Places among the pictures that were scored: the lowest first, and the highest first. */
export function extremesOf(nats: Float64Array, most: number): { best: number[]; worst: number[] } {
  const order = Array.from(nats, (_, place) => place).sort((a, b) => nats[a] - nats[b]);
  const count = Math.min(most, order.length >> 1);
  // Of a few pictures none is both.
  return { best: order.slice(0, Math.max(count, 1)), worst: count > 0 ? order.slice(-count).reverse() : [] };
}

/** A row a picture, in the order in which they were scored. */
export function csvOf({ pictures, nats }: Likelihood): string {
  const rows = Array.from(pictures, (picture, place) => [picture, nats[place], nats[place] / Math.LN2].join(','));
  return `${['Picture,Nats per pixel,Bits per pixel', ...rows].join('\n')}\n`;
}

/** "Picture 12 of Pets", by the number that the table has. */
export const pictureName = ({ name }: Pick<DatasetInfo, 'name'>, number: number): string =>
  `Picture ${number} of ${name}`;
