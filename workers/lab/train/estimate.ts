/** What training would take on this device: exact memory, and a speed that was measured on this size or reckoned from another. */
import * as v from 'valibot';
import { precisionProblem } from '../../compute/compute.ts';
import { readableBytes } from '../../compute/readable-bytes.ts';
import type { ModelSize, PictureCounts, Recipe, TrainingCost } from '../../contract.ts';
import { BadInput } from '../../errors.ts';
import { type Config, parameterCount, presetConfig } from '../../igpt/config.ts';
import { trainingFlops } from '../../igpt/cost.ts';
import { initialWeights } from '../../igpt/init.ts';
import { autoregressive } from '../../igpt/objectives.ts';
import { freshState } from '../../igpt/trainer.ts';
import type { Backend } from '../backend.ts';
import { besideTrainer } from '../budget.ts';
import { configOf } from './run-info.ts';
import { optionsOf } from './trainer-options.ts';

/** Rises when trainers change so much that old measurements mislead. */
const VERSION = 1;
/** The short measurement: preset xs, as the benchmark has it. */
const SHORT = presetConfig('xs', 16);
const SHORT_RECIPE = { objective: 'autoregressive', batch: 4, parts: 1, generative: 1, precision: 'f32' } as const;
const SHORT_MS = 500;
const positive = v.pipe(v.number(), v.gtValue(0));

/** @param left bytes that the page may hold for it */
export async function costOf(
  backend: Backend,
  size: ModelSize,
  colours: number,
  recipe: Recipe,
  { classes, ...pictures }: PictureCounts,
  left: number,
): Promise<TrainingCost> {
  const config = configOf(size, colours, recipe.classify ? classes : 0, recipe.byClass ? classes : 0);
  const parameters = parameterCount(config);
  const impossible = precisionProblem(backend.training, recipe.precision);
  const room: Room = { left, beside: besideTrainer(config, pictures, recipe.leastArea < 1) };
  const tried = impossible ?? (await bytesWithin(backend, config, recipe, room));
  const measured = await remembered(backend, keyOf(backend, size, recipe));
  const flops = measured === undefined ? await shortSpeed(backend) : 0;
  return {
    parameters,
    bytes: typeof tried === 'number' ? tried : 0,
    saved: typeof tried === 'number' ? await savedBy(backend, config, recipe, tried) : 0,
    tokensPerSecond: measured ?? flops / trainingFlops(config, recipe.objective),
    measured: measured !== undefined,
    problem:
      typeof tried === 'number' ? undefined : (impossible ?? (await problemOf(backend, config, recipe, tried, room))),
  };
}

/** Bytes that f16 makes the difference of, where it can be had. */
async function savedBy(backend: Backend, config: Config, recipe: Recipe, bytes: number): Promise<number> {
  if (!backend.training.precisions.includes('f16')) return 0;
  const precision = recipe.precision === 'f16' ? 'f32' : 'f16';
  const other = await bytesFor(backend, config, { ...recipe, precision });
  return typeof other === 'number' ? Math.abs(bytes - other) : 0;
}

/** Keeps the speed of a run for the next estimate. */
export async function rememberSpeed(backend: Backend, size: ModelSize, recipe: Recipe, tokensPerSecond: number) {
  await backend.memory?.set(keyOf(backend, size, recipe), tokensPerSecond).catch(() => undefined);
}

async function remembered({ memory }: Backend, key: string): Promise<number | undefined> {
  const kept = v.safeParse(positive, await memory?.get(key).catch(() => undefined));
  return kept.success ? kept.output : undefined;
}

function keyOf(backend: Backend, { layers, width, heads, side }: ModelSize, recipe: Recipe) {
  const { objective, batch, parts, precision } = recipe;
  const what = [layers, width, heads, side, objective, batch, parts, ...(precision === 'f16' ? [precision] : [])];
  return `training ${VERSION} ${what.join(' ')} ${backend.training.adapter}`;
}

/** Operations a second of a small step, from memory or measured now. */
async function shortSpeed(backend: Backend): Promise<number> {
  const key = `training ${VERSION} short ${backend.training.adapter}`;
  const kept = await remembered(backend, key);
  if (kept !== undefined) return kept;
  const trainer = await backend.training.trainer(SHORT, optionsOf(SHORT_RECIPE), freshState(initialWeights(SHORT, 1)));
  const tokens = SHORT_RECIPE.batch * SHORT.n_positions;
  const task = autoregressive(new Int16Array(tokens), SHORT);
  await trainer.step(task, 1e-3); // warms up
  let best = Number.POSITIVE_INFINITY;
  const begun = performance.now();
  do {
    const started = performance.now();
    await trainer.step(task, 1e-3);
    best = Math.min(best, performance.now() - started);
  } while (performance.now() - begun < SHORT_MS);
  trainer.dispose();
  const speed = (1000 * tokens * trainingFlops(SHORT, 'autoregressive')) / best;
  await backend.memory?.set(key, speed).catch(() => undefined);
  return speed;
}

/** What a page may hold of a run. */
interface Room {
  /** Bytes that are left for it. */
  left: number;
  /** Bytes that it takes beside its trainer. */
  beside: number;
}

const isWithin = (bytes: number, { left, beside }: Room): boolean => bytes + beside <= left;

/**
 * Bytes of a trainer as it is made where the page may hold so much, or the sentence that
 * says why there cannot be one.
 */
async function bytesWithin(backend: Backend, config: Config, recipe: Recipe, room: Room): Promise<number | string> {
  const whole = await bytesFor(backend, config, recipe);
  if (typeof whole === 'string' || isWithin(whole, room)) return whole;
  const least = await bytesFor(backend, config, recipe, true);
  return typeof least === 'string' || isWithin(least, room) ? least : tooMuch(backend, least, room);
}

const tooMuch = ({ budget }: Backend, bytes: number, { left, beside }: Room): string =>
  `This run takes ${readableBytes(bytes + beside)}${budget.sentence(left)}`;

/**
 * Bytes of a trainer, or the sentence that says why there cannot be one. `least` as
 * Compute.trainerBytes() has it.
 */
async function bytesFor(
  { training }: Backend,
  config: Config,
  recipe: Recipe,
  least = false,
): Promise<number | string> {
  try {
    return await training.trainerBytes(config, optionsOf(recipe), least);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/**
 * Asks the device for the memory that a run takes, before it is begun.
 * @param left bytes that the page may hold for it
 * @throws BadInput with the largest batch that fits, found by halving, or for a precision that cannot be had
 */
export async function makeSure(
  backend: Backend,
  config: Config,
  recipe: Recipe,
  pictures: Pick<PictureCounts, 'count' | 'side'>,
  left: number,
): Promise<void> {
  const impossible = precisionProblem(backend.training, recipe.precision);
  if (impossible) throw new BadInput(impossible);
  const room: Room = { left, beside: besideTrainer(config, pictures, recipe.leastArea < 1) };
  // The least that it can do with.
  const bytes = await bytesFor(backend, config, recipe, true);
  if (typeof bytes === 'string') throw new BadInput(await problemOf(backend, config, recipe, bytes, room));
  if (await fits(backend, bytes, room)) return;
  const why = isWithin(bytes, room)
    ? `${readableBytes(bytes)} of GPU memory are needed, more than there are free.`
    : tooMuch(backend, bytes, room);
  throw new BadInput(await problemOf(backend, config, recipe, why, room));
}

async function fits({ training }: Backend, bytes: number, room: Room): Promise<boolean> {
  return isWithin(bytes, room) && training.hasRoom(bytes);
}

/** The sentence with what could be done: the largest batch that fits, found by halving. */
async function problemOf(backend: Backend, config: Config, recipe: Recipe, why: string, room: Room): Promise<string> {
  for (let batch = Math.floor(recipe.batch / 2); batch >= 1; batch = Math.floor(batch / 2)) {
    const bytes = await bytesFor(backend, config, { ...recipe, batch, parts: 1 }, true);
    if (typeof bytes === 'number' && (await fits(backend, bytes, room))) return `${why} A batch of ${batch} fits.`;
  }
  return `${why} No batch of this model fits; a smaller model would.`;
}
