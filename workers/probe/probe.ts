/**
 * The linear probe: how well a linear classifier tells classes apart by what a layer has made of the pictures, layer
 * after layer. Source: Chen et al. 2020, "Linear Probing"; the classifier is logistic.ts.
 */
import type { ProbeResult } from '../contract.ts';
import { BadInput } from '../errors.ts';
import type { Features } from '../igpt/features.ts';
import { fitChosen, STRENGTHS } from './choose.ts';
import { collectFeatures } from './collect.ts';
import { judge } from './judge.ts';
import { balanced, checkData, type LabelledPictures, type ProbeData, pictures } from './labels.ts';
import { classify } from './logistic.ts';
import { layerSamples, pixelSamples, type Samples } from './samples.ts';
import type { Work } from './work.ts';

export interface ProbeOptions {
  /** Values of scikit-learn's C to choose from. */
  strengths?: number[];
  /** Of the pictures held out, and of those that a limit leaves. */
  seed: number;
  /** Those to probe, from 0 to n_layer; all unless given. */
  layers?: number[];
  /** Layers whose features are put side by side for one classifier more. */
  concatenated?: number[] | 'all';
  /** So many training pictures, balanced over the classes; all unless given. */
  labels?: number;
  /**
   * Bytes of features kept at once; beyond, the pictures go through the model once more for the
   * next layers.
   */
  room?: number;
}

/** Bytes of features kept at once, unless there is less memory. */
export const ROOM = 2 ** 30;

/**
 * Throws BadInput, before anything runs, for data that no classifier can be learnt from or judged by, and Aborted between
 * two pieces of work when the signal says so.
 */
export async function* probe(
  features: Features,
  data: ProbeData,
  options: ProbeOptions,
  work: Work = {},
): AsyncGenerator<ProbeResult> {
  checkData(data, features.pixels);
  const { test, classes } = data;
  const train = limited(data, options);
  const wanted = stacksOf(features, options);
  const { room = ROOM } = options;
  const layerBytes = 4 * features.width * (train.labels.length + test.labels.length);
  for (const stacks of passesOf(wanted, Math.max(1, Math.floor(room / layerBytes)))) {
    const layers = [...new Set(stacks.flat())];
    const [learnt, unseen] = [
      await collectFeatures(features, train.tokens, layers, work),
      await collectFeatures(features, test.tokens, layers, work),
    ];
    for (const stack of stacks) {
      const samples = (all: Map<number, Float32Array>, { labels }: LabelledPictures): Samples => {
        const parts = stack.map((layer) => all.get(layer)!);
        return layerSamples(parts, features.width, labels);
      };
      yield await probeSamples(stack, samples(learnt, train), samples(unseen, test), classes.length, options, work);
    }
  }
}

/** The same of the pixels themselves. The palette is in [-1, 1], [colours × 3]. */
export async function probePixels(
  data: ProbeData,
  palette: Float32Array,
  options: ProbeOptions,
  work: Work = {},
): Promise<ProbeResult> {
  checkData(data, data.train.tokens.length / data.train.labels.length);
  const [train, test] = [limited(data, options), data.test].map((part) => pixelSamples(part, palette));
  return probeSamples([], train, test, data.classes.length, options, work);
}

async function probeSamples(
  layers: number[],
  train: Samples,
  test: Samples,
  classes: number,
  { strengths = STRENGTHS, seed }: ProbeOptions,
  work: Work,
): Promise<ProbeResult> {
  const { strength, iterations, converged, ...classifier } = await fitChosen(train, classes, strengths, seed, {
    ...work,
    onIteration: (c, iteration, slope) =>
      work.onProgress?.({ stage: 'fitting', layers, strength: c, iteration, slope }),
  });
  const p = await classify(classifier, test, work);
  return { layers, strength, iterations, converged, ...judge(p, test.labels, classes) };
}

function limited({ train, classes }: ProbeData, { labels, seed }: ProbeOptions): LabelledPictures {
  return labels === undefined ? train : pictures(train, balanced(train.labels, classes, labels, seed));
}

/** The layers of each classifier. */
function stacksOf({ layers: count }: Features, { layers, concatenated = [] }: ProbeOptions): number[][] {
  const every = Array.from({ length: count }, (_, layer) => layer);
  const each = layers ?? every;
  const together = concatenated === 'all' ? every : concatenated;
  const wrong = [...each, ...together].find((layer) => !(Number.isInteger(layer) && layer >= 0 && layer < count));
  if (wrong !== undefined)
    throw new BadInput(`There is no layer ${wrong}: this model has the layers 0 to ${count - 1}.`);
  return [...each.map((layer) => [layer]), ...(together.length > 0 ? [together] : [])];
}

/** Cuts the list where more than so many layers would have to be kept at once. */
export function passesOf(stacks: number[][], most: number): number[][][] {
  const passes: number[][][] = [];
  for (const stack of stacks) {
    const together = [...(passes.at(-1) ?? []), stack];
    if (passes.length > 0 && new Set(together.flat()).size <= most) passes[passes.length - 1] = together;
    else passes.push([stack]);
  }
  return passes;
}
