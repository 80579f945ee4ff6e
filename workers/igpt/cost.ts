/** What training costs in arithmetic, whatever it runs on. */
import type { Config } from './config.ts';
import type { Objective } from './objectives.ts';

/**
 * Floating-point operations of a training step for each token: two for every weight of a matrix and every query's every key
 * that counts, once forward and twice backward (Kaplan et al. 2020, appendix B). Norms and activations are left out.
 */
export function trainingFlops({ n_layer: L, n_embd: d, n_positions: T, n_colours: V }: Config, objective: Objective) {
  const keys = objective === 'autoregressive' ? (T + 1) / 2 : T;
  const matrices = 12 * L * d * d + V * d;
  const attention = 2 * L * keys * d; // scores, and the sum over values
  return 3 * 2 * (matrices + attention);
}
