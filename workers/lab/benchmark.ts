/**
 * How fast this device is at what the page does, on a model of fixed size (preset xs) with untrained weights, so that
 * figures of different devices compare. The same sizes as `npm run bench`.
 */
import { type BenchmarkRow, UNKNOWN } from '../contract.ts';
import { presetConfig } from '../igpt/config.ts';
import { initialWeights } from '../igpt/init.ts';
import { autoregressive } from '../igpt/objectives.ts';
import { uniform } from '../igpt/random.ts';
import { freshState } from '../igpt/trainer.ts';
import type { Backend } from './backend.ts';
import { Decoding } from './decoding.ts';
import { breathe } from './queue.ts';
import { optionsOf } from './train/trainer-options.ts';

const VARIANTS = 8;
const BATCH = 4;
const PASSING = { objective: 'autoregressive', batch: BATCH, parts: 1, generative: 1, precision: 'f32' } as const;
/** Half a picture is given, as in the examples. */
const GIVEN = 128;
/** A kind of work is repeated for so long, and at least so often; the fastest counts. */
const BUDGET_MS = 1500;
const LEAST_RUNS = 2;

const config = presetConfig('xs', 16);
const picture = (n: number) =>
  Int16Array.from({ length: config.n_positions }, (_, i) => Math.floor(uniform(1, n, i) * config.n_colours));

/** Calls onRow after each kind of work. */
export async function benchmark(backend: Backend, onRow: (row: BenchmarkRow) => void): Promise<void> {
  const { report } = backend;
  const weights = initialWeights(config, 1);

  const decoding = new Decoding({ config, weights }, backend.decoding);
  const given = picture(0).map((t, i) => (i < GIVEN ? t : UNKNOWN));
  const sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, variants: VARIANTS, lookAhead: false };
  const completing = await fastest(VARIANTS * (config.n_positions - GIVEN), async () => {
    const updates = decoding.decode(given, sampling, new AbortController().signal);
    while (!(await updates.next()).done);
  });
  decoding.dispose();
  onRow({ work: 'completing', tokensPerSecond: completing, backend: report.backend });

  const trainer = await backend.training.trainer(config, optionsOf(PASSING), freshState(weights));
  const batch = new Int16Array(BATCH * config.n_positions);
  for (let b = 0; b < BATCH; b++) batch.set(picture(b + 1), b * config.n_positions);
  const task = autoregressive(batch, config);
  const training = await fastest(batch.length, () => trainer.step(task, 1e-3));
  trainer.dispose();
  onRow({ work: 'training', tokensPerSecond: training, backend: report.training.backend });
}

/** Tokens a second of the fastest run after one that warms up. */
async function fastest(tokens: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  let best = Number.POSITIVE_INFINITY;
  const begun = performance.now();
  for (let i = 0; i < LEAST_RUNS || performance.now() - begun < BUDGET_MS; i++) {
    const started = performance.now();
    await run();
    best = Math.min(best, performance.now() - started);
    await breathe();
  }
  return (tokens * 1000) / best;
}
