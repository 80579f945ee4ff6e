/**
 * `igpt evaluate`: how well a model foresees pictures, and how far those that it draws lie from real ones and from those that it
 * learnt from. A model folder does not say what its model was trained for: of one that learnt by BERT's objective these numbers
 * mean nothing.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Evaluation, NearestPictures } from '../workers/contract.ts';
import { BadInput } from '../workers/errors.ts';
import { evaluate, type NumberedPictures, SHEET } from '../workers/evaluate/evaluate.ts';
import { picturesOf, startsOf } from '../workers/evaluate/pictures.ts';
import { checkSampling } from '../workers/lab/complete.ts';
import { subjectOf } from '../workers/lab/evaluate.ts';
import { folderOf, type OpenModel } from '../workers/lab/models.ts';
import { readLabelled } from './labelled.ts';
import { begunText, needed, openFolder, print, start, wholeNumber } from './options.ts';
import { loggedWork } from './progress.ts';
import { sheet } from './sheet.ts';

export const about =
  'likelihood, samples, their distance from real pictures and their nearest neighbours among those it learnt from';
export const usage =
  'evaluate --model DIR --images FILES [--count N] [--samples N] [--train FILES] [--search N] [--features-of DIR] [--layer L] ' +
  '[--temperature T] [--top-k K] [--top-p P] [--without-class] [--seed S] [--sheet OUT.png] [--samples-out DIR] [--backend wasm|webgpu|cpu] [--json]';

/** In a row of the sheet. */
const COLUMNS = 8;

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    // A shell writes `--train *.bin` out as one option and the rest of the files.
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      images: { type: 'string', multiple: true },
      count: { type: 'string' },
      samples: { type: 'string', default: '0' },
      train: { type: 'string', multiple: true },
      search: { type: 'string' },
      'features-of': { type: 'string' },
      layer: { type: 'string' },
      temperature: { type: 'string', default: '1' },
      'top-k': { type: 'string', default: '0' },
      'top-p': { type: 'string', default: '1' },
      'without-class': { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      sheet: { type: 'string' },
      'samples-out': { type: 'string' },
      backend: { type: 'string', default: 'wasm' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = needed(values.model, 'model');
  const images = [needed(values.images?.[0], 'images'), ...values.images!.slice(1)];
  const whole = (name: 'count' | 'search' | 'layer', least: number) =>
    values[name] === undefined ? undefined : wholeNumber(values[name], name, least);
  const [count, search, layer] = [whole('count', 1), whole('search', 0), whole('layer', 0)];
  const drawn = wholeNumber(values.samples, 'samples');
  const seed = wholeNumber(values.seed, 'seed');
  const sampling = {
    temperature: Number(values.temperature),
    topK: wholeNumber(values['top-k'], 'top-k'),
    topP: Number(values['top-p']),
  };
  checkSampling({ ...sampling, seed, variants: 1, lookAhead: false });
  const ofSamples = (['sheet', 'samples-out', 'train', 'features-of', 'layer'] as const).find((name) => values[name]);
  if (ofSamples && drawn === 0)
    throw new BadInput(`--${ofSamples} needs pictures to be drawn: say how many with --samples.`);
  if (!values.train && positionals.length > 0) throw new BadInput(`There is no use for ${positionals.join(', ')}.`);

  const backend = await start(values.backend);
  const model = await openFolder(folder);
  const ruler = values['features-of'] === undefined ? model : await openFolder(values['features-of']);
  const byClass = !values['without-class'];
  const heldBack = await read(images, model, byClass);
  const training = values.train ? await read([...values.train, ...positionals], model, byClass) : NONE;
  if (count !== undefined && count > heldBack.count) {
    throw new BadInput(`${images.join(', ')}: there are ${heldBack.count} pictures, not ${count}.`);
  }
  const subject = subjectOf(backend, folderOf(model), 'autoregressive', {
    folder: folderOf(ruler),
    objective: 'autoregressive',
    layer,
  });
  const found: Partial<Evaluation> = {};
  let samples = new Int16Array(0);
  await evaluate(
    subject,
    { heldBack, training },
    {
      scored: { part: 'test', count: count ?? heldBack.count },
      drawn,
      sampling,
      distance: drawn > 0,
      nearest: drawn > 0 && values.train !== undefined,
      searched: search ?? training.count,
      byClass,
      seed,
    },
    loggedWork(),
    (part) => Object.assign(found, part),
    (tokens) => {
      samples = tokens.slice();
    },
  );
  if (values.sheet) await writeSheet(values.sheet, samples, model);
  if (values['samples-out']) await writeSamples(values['samples-out'], samples, model);

  const named = values['features-of'] ?? folder;
  const { adapter } = backend.report;
  const settings = { temperature: sampling.temperature, top_k: sampling.topK, top_p: sampling.topP };
  print(
    values.json,
    {
      ...asJson(found, named),
      ...(drawn > 0 ? { samples: { count: drawn, seed, ...settings, by_class: found.samples?.byClass } } : {}),
      adapter,
    },
    lines(found, named, ruler.info.width),
  );
}

const NONE: NumberedPictures = { ...picturesOf(new Int16Array(0), 1), numbers: new Uint32Array(0) };

/** In the order of the files. */
async function read(paths: string[], model: OpenModel, byClass: boolean): Promise<NumberedPictures> {
  const { tokens, labels, classes } = await readLabelled(paths, model);
  const starts = startsOf(labels, classes, model.info, byClass);
  const pictures = picturesOf(tokens, model.info.side ** 2, starts);
  return { ...pictures, numbers: Uint32Array.from({ length: pictures.count }, (_, number) => number) };
}

function asJson({ likelihood, distance, nearest }: Partial<Evaluation>, featuresOf: string): object {
  const searched = ({ pictures, distances, usual, searched: among }: NearestPictures) => ({
    searched: among,
    median_of_held_back: usual,
    samples: Array.from(pictures, (picture, i) => ({ picture, distance: distances[i] })),
  });
  return {
    ...(likelihood && {
      nats_per_pixel: likelihood.mean,
      standard_error: likelihood.standardError,
      bits_per_pixel: likelihood.mean / Math.LN2,
      per_image: Array.from(likelihood.nats),
      by_class: likelihood.byClass,
    }),
    ...(distance && {
      frechet: {
        distance: distance.drawn,
        real_against_real: distance.floor,
        pictures: distance.pictures,
        features_of: featuresOf,
        layer: distance.layer,
        width: distance.width,
      },
    }),
    ...(nearest && {
      nearest: { by_colour: searched(nearest.byColour), by_features: searched(nearest.byFeatures) },
    }),
  };
}

function lines({ likelihood, distance, nearest }: Partial<Evaluation>, featuresOf: string, width: number): string[] {
  const lines: string[] = [];
  if (likelihood) {
    const { mean, standardError, nats, byClass } = likelihood;
    const error = standardError === null ? '' : ` ± ${standardError.toFixed(4)}`;
    lines.push(
      `${mean.toFixed(4)}${error} nats/pixel, ${(mean / Math.LN2).toFixed(4)} bits/pixel over ${nats.length} pictures` +
        begunText(byClass),
    );
  }
  if (distance) {
    const { drawn, floor, pictures, layer } = distance;
    lines.push(
      `Fréchet distance of ${pictures} samples to as many pictures: ${drawn.toPrecision(4)}, of pictures to others: ` +
        `${floor.toPrecision(4)}; in the features of ${featuresOf}, layer ${layer} (not Inception's: this is no FID)`,
    );
    if (pictures < 2 * width) {
      lines.push(`${pictures} pictures are few for ${width} channels: the covariances are poorly known.`);
    }
  }
  const ways = nearest && [['colour', nearest.byColour] as const, ['features', nearest.byFeatures] as const];
  for (const [way, { pictures, distances, usual, searched }] of ways ?? []) {
    const least = distances.indexOf(Math.min(...distances));
    lines.push(
      `nearest of ${searched} training pictures by ${way}: sample ${least} to picture ${pictures[least]} at ` +
        `${distances[least].toPrecision(4)}; held-back pictures are ${usual.toPrecision(4)} away in the median`,
    );
  }
  return lines;
}

/** The first ones, not picked. */
async function writeSheet(path: string, samples: Int16Array, { info: { side, palette } }: OpenModel): Promise<void> {
  const png = sheet(split(samples, side).slice(0, SHEET), side, palette, { columns: COLUMNS });
  await writeFile(path, png).catch(() => {
    throw new BadInput(`The file ${path} cannot be written.`);
  });
}

/** All of them, one a file, at their own size. */
async function writeSamples(folder: string, samples: Int16Array, { info }: OpenModel): Promise<void> {
  const { side, palette } = info;
  try {
    await mkdir(folder, { recursive: true });
    for (const [i, picture] of split(samples, side).entries()) {
      await writeFile(join(folder, `${String(i).padStart(5, '0')}.png`), sheet([picture], side, palette, { scale: 1 }));
    }
  } catch {
    throw new BadInput(`The samples cannot be written to ${folder}.`);
  }
}

function split(samples: Int16Array, side: number): Int16Array[] {
  const pixels = side * side;
  return Array.from({ length: samples.length / pixels }, (_, i) => samples.subarray(i * pixels, (i + 1) * pixels));
}
