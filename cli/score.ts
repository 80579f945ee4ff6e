/** `igpt score`: nats per pixel of pictures under a model; of one that knows classes, given those of the pictures unless told otherwise. */
import { parseArgs } from 'node:util';
import { CIFAR_10_CLASSES } from '../workers/data/class-names.ts';
import { scorePictures, summary } from '../workers/evaluate/likelihood.ts';
import { begunByClass, picturesOf, startsOf } from '../workers/evaluate/pictures.ts';
import { openScorer } from '../workers/lab/passes.ts';
import { begunText, needed, openFolder, print, readTokens, start, wholeNumber } from './options.ts';
import { loggedWork } from './progress.ts';

export const about = 'nats per pixel of pictures under a model';
export const usage =
  'score --model DIR --images FILE.bin [--from I] [--count N] [--without-class] [--backend wasm|webgpu|cpu] [--json]';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      images: { type: 'string' },
      from: { type: 'string', default: '0' },
      count: { type: 'string' },
      'without-class': { type: 'boolean', default: false },
      backend: { type: 'string', default: 'wasm' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = needed(values.model, 'model');
  const images = needed(values.images, 'images');
  const count = values.count === undefined ? undefined : wholeNumber(values.count, 'count', 1);
  const backend = await start(values.backend);
  const model = await openFolder(folder);
  const { tokens, labels } = await readTokens(images, model, wholeNumber(values.from, 'from'), count);

  const scorer = await openScorer(backend, model.gpt.config, model.weights);
  const starts = startsOf(labels, CIFAR_10_CLASSES, model.info, !values['without-class']);
  const pictures = picturesOf(tokens, scorer.pixels, starts);
  const { mean, standardError, nats } = summary(await scorePictures(scorer, pictures, pictures.count, loggedWork()));
  const bits_per_pixel = mean / Math.LN2;
  const { adapter } = backend.report;
  const by_class = begunByClass(starts);
  print(values.json, { nats_per_pixel: mean, bits_per_pixel, per_image: Array.from(nats), by_class, adapter }, [
    `${mean.toFixed(4)}${standardError === null ? '' : ` ± ${standardError.toFixed(4)}`} nats/pixel, ` +
      `${bits_per_pixel.toFixed(4)} bits/pixel over ${nats.length} pictures${begunText(by_class)}`,
  ]);
}
