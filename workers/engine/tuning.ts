/**
 * How the training kernels divide their work on this device. A software adapter wants few threads, no barriers and no
 * shared memory; a GPU the contrary. Matrix tiles come from timing (tiles.ts); these are where that starts.
 */
import { TILES } from './kernels/matmul.ts';
import type { TrainingTuning } from './training-plan.ts';

export const GPU_TRAINING: TrainingTuning = {
  lanes: 32,
  attention: { threads: 64, queries: 1, unroll: 2 },
  tiles: { nn: TILES[5], nt: TILES[5], tn: TILES[5] },
};

export const SOFTWARE_TRAINING: TrainingTuning = {
  lanes: 1,
  attention: { threads: 8, queries: 2, unroll: 4 },
  tiles: { nn: TILES[0], nt: TILES[1], tn: TILES[0] },
};
