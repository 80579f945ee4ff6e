/**
 * The paper's recipe: AdamW with β = (0.9, 0.95), gradients clipped at a global norm of 1 (minGPT), linear warm-up, then
 * cosine to 0 or constant. Sources: Chen et al. 2020, appendix; Loshchilov & Hutter 2019 (decoupled decay).
 */

export interface AdamW {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled; for matrices of linear layers only. */
  weightDecay: number;
  /** Largest global gradient norm; larger gradients are scaled down to it. */
  clip: number;
}

export const ADAMW: AdamW = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clip: 1 };

export interface Schedule {
  kind: 'cosine' | 'constant';
  peak: number;
  /** Steps of linear warm-up from 0. */
  warmup: number;
  /** Step at which the cosine has reached 0. */
  total: number;
}

/** The learning rate of a step, counted from 0. */
export function learningRate({ kind, peak, warmup, total }: Schedule, step: number): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  if (kind === 'constant') return peak;
  const share = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
  return (peak / 2) * (1 + Math.cos(Math.PI * share));
}

/** minGPT's choice: the matrices of linear layers decay; embeddings, gains and biases do not. */
export const decays = (name: string): boolean =>
  /\.(c_attn|c_proj|c_fc)\.weight$/.test(name) || name === 'lm_head.weight' || name === 'score.weight';
