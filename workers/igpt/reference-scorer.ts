/** Surprise of every pixel in plain tfjs ops: the truth for the faster ways, and what runs where they cannot. */
import { featureInputs } from './features.ts';
import { nll } from './likelihood.ts';
import type { ImageGPT } from './reference.ts';
import type { Scorer } from './scorer.ts';

export class ReferenceScorer implements Scorer {
  readonly pixels: number;

  /** The model stays the caller's. */
  constructor(
    private readonly model: ImageGPT,
    readonly batch: number,
  ) {
    this.pixels = model.config.n_positions;
  }

  async of(tokens: Int16Array, starts?: ArrayLike<number>): Promise<Float32Array> {
    featureInputs('autoregressive', tokens, this.model.config, this.batch, starts); // throws for what are no pictures
    return nll(this.model, tokens, starts);
  }

  dispose(): void {}
}
