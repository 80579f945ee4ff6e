/** `igpt score`: nats per pixel of pictures under a model. */
import { parseArgs } from 'node:util';
import { simdKernels } from '../tools/simd-kernels.ts';
import { scorePictures, summary } from '../workers/evaluate/likelihood.ts';
import { picturesOf } from '../workers/evaluate/pictures.ts';
import { openScorer } from '../workers/lab/scorer.ts';
import { needed, openFolder, print, readTokens, start, wholeNumber } from './options.ts';
import { loggedWork } from './progress.ts';

export const usage = 'score --model DIR --images FILE.bin [--from I] [--count N] [--backend wasm|webgpu|cpu] [--json]';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      images: { type: 'string' },
      from: { type: 'string', default: '0' },
      count: { type: 'string' },
      backend: { type: 'string', default: 'wasm' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = needed(values.model, 'model');
  const images = needed(values.images, 'images');
  const count = values.count === undefined ? undefined : wholeNumber(values.count, 'count', 1);
  const backend = await start(values.backend, await simdKernels());
  const model = await openFolder(folder);
  const tokens = await readTokens(images, model, wholeNumber(values.from, 'from'), count);

  const scorer = await openScorer(backend, model.gpt.config, model.weights);
  const pictures = picturesOf(tokens, scorer.pixels);
  const { mean, standardError, nats } = summary(await scorePictures(scorer, pictures, pictures.count, loggedWork()));
  const bits_per_pixel = mean / Math.LN2;
  const { adapter } = backend.report;
  print(values.json, { nats_per_pixel: mean, bits_per_pixel, per_image: Array.from(nats), adapter }, [
    `${mean.toFixed(4)}${standardError === null ? '' : ` ± ${standardError.toFixed(4)}`} nats/pixel, ` +
      `${bits_per_pixel.toFixed(4)} bits/pixel over ${nats.length} pictures`,
  ]);
}
