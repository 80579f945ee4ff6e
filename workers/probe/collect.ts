/** Features of many pictures, batch by batch. */
import { BadInput } from '../errors.ts';
import type { Features } from '../igpt/features.ts';
import { runPiece, type Work } from './work.ts';

/**
 * The features of the layers asked for, [n, width] each; tokens [n, pixels]. Throws BadInput when the model gives what is
 * no number.
 */
export async function collectFeatures(
  features: Features,
  tokens: Int16Array,
  layers: number[],
  work: Work,
): Promise<Map<number, Float32Array>> {
  const { batch, width, pixels } = features;
  const total = tokens.length / pixels;
  const all = new Map(layers.map((layer) => [layer, new Float32Array(total * width)]));
  for (let done = 0; done < total; done += batch) {
    work.onProgress?.({ stage: 'features', done, total });
    const found = await runPiece(work, () => features.of(tokens.subarray(done * pixels, (done + batch) * pixels)));
    const size = found.length / features.layers;
    for (const [layer, values] of all) {
      const rows = found.subarray(layer * size, (layer + 1) * size);
      if (!rows.every(Number.isFinite)) {
        throw new BadInput(`The model gives no finite numbers in layer ${layer}: its weights are damaged.`);
      }
      values.set(rows, done * width);
    }
  }
  work.onProgress?.({ stage: 'features', done: total, total });
  return all;
}
