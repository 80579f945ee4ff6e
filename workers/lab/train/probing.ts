/**
 * What each layer of a model knows while it is still being trained: linear probes of the trainer's own weights, always on the
 * same few pictures, so that what changes from one to the next is the model alone.
 */
import type { LayerProbe, ProbeCourse, Recipe } from '../../contract.ts';
import { shuffled } from '../../data/shuffle.ts';
import { BadInput } from '../../errors.ts';
import type { Trainer } from '../../igpt/trainer.ts';
import { collectFeatures } from '../../probe/collect.ts';
import { judge } from '../../probe/judge.ts';
import type { LabelledPictures } from '../../probe/labels.ts';
import { classify, fitLogistic } from '../../probe/logistic.ts';
import { layerSamples, pixelSamples, type Samples } from '../../probe/samples.ts';
import { runPiece, type Work } from '../../probe/work.ts';
import type { Course } from './course.ts';
import type { RunPictures } from './pictures.ts';

/** Pictures to learn from and to judge by, where there are so many. */
const MOST = { train: 1000, test: 500 };
/**
 * scikit-learn's C of every classifier: to choose it anew each time would cost five times as much. With 1,000 CIFAR-10 pictures it
 * is the best for pixels, and takes 3 points off every layer of igpt-cifar-16, which would have 0.1.
 */
export const LIVE_STRENGTH = 0.01;
/**
 * Fits of CIFAR-10 take 40 to 110. Where all pixels of a picture have one colour, rounding alone would keep the fit of the pixels at
 * its end for 25,000 evaluations.
 */
const MOST_ITERATIONS = 200;
/** Names this use of the seed. */
const PURPOSE = 0x11fe;

type About = Omit<ProbeCourse, 'probes'>;

export class LayerProber {
  private constructor(
    private readonly train: LabelledPictures,
    private readonly test: LabelledPictures,
    /** The classes among the pictures learnt from; labels count them from 0. */
    private readonly classes: number,
    private readonly palette: Float32Array,
    private readonly objective: Recipe['objective'],
  ) {}

  /** @throws BadInput with one sentence if the labels are nothing to learn from or to judge by */
  static of(pictures: RunPictures, palette: Float32Array, { seed, objective }: Recipe): LayerProber {
    const { labels, learnt, heldBack } = pictures;
    const some = (numbers: Uint32Array, most: number): Uint32Array => {
      const order = shuffled(numbers.length, seed ^ PURPOSE, 0).subarray(0, most);
      return order.map((place) => numbers[place]);
    };
    const train = some(
      learnt.filter((number) => labels[number] >= 0),
      MOST.train,
    );
    const found = [...new Set(Array.from(train, (number) => labels[number]))].sort((a, b) => a - b);
    const places = new Map(found.map((label, place) => [label, place]));
    const test = some(
      heldBack.filter((number) => places.has(labels[number])),
      MOST.test,
    );
    if (found.length === 0) throw new BadInput('Its layers are not probed: the pictures to learn from have no labels.');
    if (found.length === 1) {
      throw new BadInput('Its layers are not probed: all pictures to learn from are of one class.');
    }
    if (test.length === 0) {
      throw new BadInput('Its layers are not probed: no held-back picture is of a class that is learnt.');
    }
    const labelled = (numbers: Uint32Array): LabelledPictures => ({
      tokens: pictures.tokens(numbers),
      labels: Array.from(numbers, (number) => places.get(labels[number])!),
    });
    return new LayerProber(labelled(train), labelled(test), found.length, palette, objective);
  }

  /**
   * The weights as they are after a step, and what is the same for all probes, made with the first of them. Nothing is learnt
   * and nothing moves. Throws Aborted between two pieces of work when the signal says so; RangeError where there is no memory.
   */
  async probe(
    trainer: Trainer,
    former: About | undefined,
    step: number,
    work: Work,
  ): Promise<{ about: About; probe: LayerProbe }> {
    const about = former ?? (await this.about(work));
    const started = performance.now();
    const features = await runPiece(work, () => trainer.features(this.objective));
    try {
      const layers = Array.from({ length: features.layers }, (_, layer) => layer);
      const learnt = await collectFeatures(features, this.train.tokens, layers, work);
      const unseen = await collectFeatures(features, this.test.tokens, layers, work);
      const accuracy = new Float32Array(layers.length);
      for (const layer of layers) {
        const samples = (all: Map<number, Float32Array>, { labels }: LabelledPictures) =>
          layerSamples([all.get(layer)!], features.width, labels);
        accuracy[layer] = await this.accuracy(samples(learnt, this.train), samples(unseen, this.test), work);
      }
      return { about, probe: { step, seconds: secondsSince(started), accuracy } };
    } finally {
      features.dispose();
    }
  }

  private async about(work: Work): Promise<About> {
    const { train, test, palette } = this;
    const started = performance.now();
    const accuracy = await this.accuracy(pixelSamples(train, palette), pixelSamples(test, palette), work);
    return {
      learnt: train.labels.length,
      tested: test.labels.length,
      chance: this.chance(),
      pixels: { accuracy, seconds: secondsSince(started) },
    };
  }

  private chance(): number {
    const counts = new Array<number>(this.classes).fill(0);
    for (const label of Array.from(this.train.labels)) counts[label]++;
    const commonest = counts.indexOf(Math.max(...counts));
    return share(Array.from(this.test.labels, (label) => label === commonest));
  }

  private async accuracy(train: Samples, test: Samples, work: Work): Promise<number> {
    const [classifier] = await fitLogistic(train, this.classes, [LIVE_STRENGTH], {
      ...work,
      maxIterations: MOST_ITERATIONS,
    });
    const p = await classify(classifier, test, work);
    return Math.fround(judge(p, test.labels, this.classes).accuracy);
  }
}

/** Rounded as they are kept. */
const secondsSince = (started: number): number => Math.fround((performance.now() - started) / 1000);
const share = (hits: boolean[]): number => Math.fround(hits.filter(Boolean).length / hits.length);

/** All that probing has taken, in seconds. */
export const probingSeconds = ({ pixels, probes }: ProbeCourse): number =>
  probes.reduce((sum, { seconds }) => sum + seconds, pixels.seconds);

/**
 * Whether one more probe, as long as the longest, keeps all of them within a share of the time of the run's steps: of those so
 * far, and with one more at the end, which has the last word, of all that are to come. The first one has to be tried.
 */
export function keepsWithin(
  most: number,
  { probe, seconds, step }: Pick<Course, 'probe' | 'seconds' | 'step'>,
  steps: number,
): boolean {
  if (!probe || probe.probes.length === 0) return true;
  const longest = Math.max(...probe.probes.map(({ seconds: took }) => took));
  const after = probingSeconds(probe) + longest;
  const atTheEnd = step < steps ? longest : 0;
  return after <= most * seconds && after + atTheEnd <= most * (seconds / step) * steps;
}
