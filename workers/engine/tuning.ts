/**
 * How the training kernels divide their work on this device. A software adapter wants few threads, no barriers and no
 * shared memory; a GPU the contrary. Matrix tiles come from timing (tiles.ts); these are where that starts.
 */
import { TILES } from './kernels/matmul.ts';
import type { TrainingTuning } from './training-plan.ts';

export const GPU_TRAINING: TrainingTuning = {
  lanes: 32,
  attention: { threads: 64, quads: 16, columns: { forward: 4, backward: 2 } },
  tiles: { nn: TILES[6], nt: TILES[6], tn: TILES[6] },
};

export const SOFTWARE_TRAINING: TrainingTuning = {
  lanes: 1,
  attention: { threads: 8, quads: 32, columns: { forward: 2, backward: 1 } },
  tiles: { nn: TILES[1], nt: TILES[0], tn: TILES[3] },
};
