/** The sampler without a cache, as a first version would be: the whole picture through the model for every pixel. */
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../../workers/igpt/random.ts';
import type { ImageGPT } from '../../workers/igpt/reference.ts';
import { sample } from '../../workers/igpt/sampler.ts';
import { type Sample, timed } from '../measure.ts';
import type { Workload } from '../workload.ts';
import type { Prefix } from './prefix.ts';

const SETTINGS = { temperature: 1, topK: 0, topP: 1 };

/** Decodes so many pixels of all variants, from the first unknown one on. */
export function naive(model: ImageGPT, { config, given, variants: B }: Workload, { tokens }: Prefix, pixels: number) {
  const { n_positions: T, n_colours: V } = config;
  return (): Promise<Sample> => {
    const pictures = Int32Array.from({ length: B * T }, (_, i) => tokens[i % T]);
    return timed(pixels * B, async () => {
      for (let at = given; at < given + pixels; at++) {
        const chosen = tf.tidy(() => {
          const logits = model.forward(tf.tensor2d(pictures, [B, T], 'int32'));
          const uniforms = tf.tensor1d(Array.from({ length: B }, (_, b) => uniform(5, b, at)));
          return sample(tf.reshape(tf.slice(logits, [0, at, 0], [B, 1, V]), [B, V]), uniforms, SETTINGS);
        });
        (await chosen.data()).forEach((colour, b) => {
          pictures[b * T + at] = colour;
        });
        chosen.dispose();
      }
    });
  };
}
