/**
 * How the kernels divide their work. A software adapter wants few threads, no barriers and no shared memory; a GPU the
 * contrary. Matrix tiles are where timing on the device starts from (tiles.ts).
 */
import type { DecoderTuning } from './decoder-plan.ts';
import type { TrainingTuning } from './forward-plan.ts';
import { TILES } from './kernels/matmul.ts';

export interface Tuning {
  decoding: DecoderTuning;
  training: TrainingTuning;
}

export const GPU_TUNING: Tuning = {
  decoding: { rows: 2, parts: 32, lanes: 32, colourLanes: 64 },
  training: {
    lanes: 32,
    attention: { threads: 64, quads: 16, columns: { forward: 4, backward: 2 } },
    tiles: { nn: TILES[6], nt: TILES[6], tn: TILES[6] },
  },
};

export const SOFTWARE_TUNING: Tuning = {
  decoding: { rows: 8, parts: 1, lanes: 1, colourLanes: 1 },
  training: {
    lanes: 1,
    attention: { threads: 8, quads: 32, columns: { forward: 2, backward: 1 } },
    tiles: { nn: TILES[1], nt: TILES[0], tn: TILES[3] },
  },
};

export const tuningFor = (software: boolean): Tuning => (software ? SOFTWARE_TUNING : GPU_TUNING);
