/** `igpt score`: nats per pixel of pictures under a model. */
import { parseArgs } from 'node:util';
import { nll } from '../workers/igpt/likelihood.ts';
import { needed, openFolder, print, readTokens, start, wholeNumber } from './options.ts';

export const usage = 'score --model DIR --images FILE.bin [--from I] [--count N] [--backend wasm|webgpu|cpu] [--json]';

/** Pictures that pass through the model at once: enough to keep it busy, few enough for its attention to fit. */
const BATCH_PIXELS = 4096;

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
  const {
    report: { adapter },
  } = await start(values.backend);
  const model = await openFolder(folder);
  const tokens = await readTokens(images, model, wholeNumber(values.from, 'from'), count);

  const T = model.info.side ** 2;
  const B = Math.max(1, Math.floor(BATCH_PIXELS / T));
  const per_image: number[] = [];
  for (let i = 0; i < tokens.length; i += B * T) {
    const surprise = await nll(model.gpt, tokens.subarray(i, i + B * T));
    for (let j = 0; j < surprise.length; j += T) per_image.push(mean(surprise.subarray(j, j + T)));
    if (per_image.length % 500 < B)
      console.error(`${per_image.length} pictures: ${mean(per_image).toFixed(4)} nats/pixel`);
  }
  const nats_per_pixel = mean(per_image);
  const bits_per_pixel = nats_per_pixel / Math.LN2;
  print(values.json, { nats_per_pixel, bits_per_pixel, per_image, adapter }, [
    `${nats_per_pixel.toFixed(4)} nats/pixel, ${bits_per_pixel.toFixed(4)} bits/pixel over ${per_image.length} pictures`,
  ]);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
