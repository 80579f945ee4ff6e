/** Features of a linear probe in plain tfjs ops: the truth for the faster ways, and what runs where they cannot. */
import * as tf from '@tensorflow/tfjs-core';
import { type Features, featureInputs } from './features.ts';
import type { Objective } from './objectives.ts';
import type { ImageGPT } from './reference.ts';

export class ReferenceFeatures implements Features {
  readonly layers: number;
  readonly width: number;
  readonly pixels: number;

  /** The model stays the caller's. */
  constructor(
    private readonly model: ImageGPT,
    readonly batch: number,
    private readonly objective: Objective,
  ) {
    this.layers = model.config.n_layer + 1;
    this.width = model.config.n_embd;
    this.pixels = model.config.n_positions;
  }

  async of(tokens: Int16Array): Promise<Float32Array> {
    const { config } = this.model;
    const inputs = featureInputs(this.objective, tokens, config, this.batch);
    const x = tf.tensor2d(inputs, [inputs.length / config.n_positions, config.n_positions], 'int32');
    const means = this.model.features(x, this.objective === 'autoregressive');
    const values = (await means.data()) as Float32Array;
    tf.dispose([x, means]);
    return values;
  }

  dispose(): void {}
}
