/** What the tests of the model share: a backend in Node and small random models with nothing at zero. */
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type Config, parameterShapes, type Weights } from './config.ts';
import { uniform } from './random.ts';

export async function useWasm(): Promise<void> {
  setWasmPaths(fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm'))));
  if (!(await tf.setBackend('wasm'))) throw new Error('The WASM backend did not start.');
}

/** Weights large enough that every pixel's distribution is far from uniform; biases included. */
export function randomWeights(config: Config, seed: number): Weights {
  return new Map(
    parameterShapes(config).map(({ name, shape }, n) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const scale = shape.length === 1 ? 0.3 : 1.5 / Math.sqrt(name.endsWith('wte.weight') ? 1 : shape[0]);
      const centre = /ln_[12f]\.weight$/.test(name) ? 1 : 0;
      return [name, Float32Array.from({ length: size }, (_, i) => centre + scale * (2 * uniform(seed, n, i) - 1))];
    }),
  );
}
