/** The training tuning of a GPU for a model: its matrix tiles are timed once for each width, batch and precision, and remembered. */
import * as v from 'valibot';
import type { Memory } from '../compute/compute.ts';
import { adapterName } from '../contract.ts';
import type { OpenDevice } from './device.ts';
import type { TrainingTuning } from './forward-plan.ts';
import { TILES } from './kernels/matmul.ts';
import { fastestTiles } from './tiles.ts';
import { tuningFor } from './tuning.ts';

/** Which of TILES serves each layout; a place that is not in the list is no measurement of this version. */
const place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(TILES.length - 1));
const places = v.object({ nn: place, nt: place, tn: place });

/** Rises when how tiles are timed changes so much that old measurements mislead. */
const VERSION = 2;

/** A software adapter keeps the tiles that are known to suit it: timing them would take it longer than they save. */
export async function trainingTuning(
  { device, info, software }: OpenDevice,
  width: number,
  rows: number,
  memory?: Memory,
  half = false,
  measure = fastestTiles,
): Promise<TrainingTuning> {
  const { training } = tuningFor(software);
  if (software) return training;
  const what = `${width} × ${rows}${half ? ' in f16' : ''}`;
  const key = `tiles ${VERSION} of ${TILES.length} for ${what} on ${adapterName(info)}`;
  const kept = v.safeParse(places, await memory?.get(key).catch(() => undefined));
  if (kept.success) {
    const { nn, nt, tn } = kept.output;
    return { ...training, tiles: { nn: TILES[nn], nt: TILES[nt], tn: TILES[tn] } };
  }
  const tiles = await measure(device, width, rows, half);
  const at = { nn: TILES.indexOf(tiles.nn), nt: TILES.indexOf(tiles.nt), tn: TILES.indexOf(tiles.tn) };
  await memory?.set(key, at).catch(() => undefined);
  return { ...training, tiles };
}
