/**
 * Timing of several sides in turn, so that whatever else the machine does meets all of them alike. Each side is warmed
 * up by its checks before it comes here; its number is the median of its samples.
 */
import type { Outcome } from './rows.ts';

export interface Side {
  name: string;
  sample: () => Promise<Sample>;
}

/** How much was done, in the row's unit times seconds, and in what time. */
export interface Sample {
  work: number;
  milliseconds: number;
}

/** Times some work up to its end. */
export async function timed(work: number, run: () => Promise<unknown>): Promise<Sample> {
  const start = performance.now();
  await run();
  return { work, milliseconds: performance.now() - start };
}

export interface Effort {
  /** The most samples a side. */
  rounds: number;
  /** A side gets a further sample only while all its samples are expected to take no longer; the first is always taken. */
  milliseconds: number;
  /** See `settled`. */
  warm: { least: number; most: number };
  /** Milliseconds that are left for all sides together; no further round begins when they are over. */
  left?: () => number;
}

export interface Measured {
  outcome: Outcome;
  samples: number;
}

/** Work per second of every side, by name; a side that throws keeps its sentence and stops, the others go on. */
export async function inTurn(
  sides: Side[],
  { rounds, milliseconds, left }: Omit<Effort, 'warm'>,
): Promise<Map<string, Measured>> {
  const rates = new Map<string, number[]>(sides.map(({ name }) => [name, []]));
  const spent = new Map<string, number>(sides.map(({ name }) => [name, 0]));
  const failed = new Map<string, string>();
  for (let round = 0; round < rounds && (round === 0 || (left?.() ?? 1) > 0); round++) {
    for (const { name, sample } of sides) {
      const before = spent.get(name)!;
      if (failed.has(name) || (round > 0 && before + before / round > milliseconds)) continue;
      try {
        const { work, milliseconds: took } = await sample();
        rates.get(name)!.push((work / took) * 1000);
        spent.set(name, before + took);
      } catch (error) {
        failed.set(name, sentence(error));
      }
    }
  }
  return new Map(
    sides.map(({ name }) => {
      const failure = failed.get(name);
      const outcome = failure ? { failure } : { value: median(rates.get(name)!) };
      return [name, { outcome, samples: rates.get(name)!.length }];
    }),
  );
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What an error says, in a line short enough for a table. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.filter(Boolean).slice(0, lines[0].endsWith(':') ? 3 : 1); // "Build failed with 1 error:"
  const line = said.join(' ').replaceAll('|', '/');
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}

/**
 * Warms a side up until its samples no longer become faster: browsers compile WebAssembly twice, the second time well and
 * beside its running, and drivers do the like. Gives the last sample.
 */
export async function settled(sample: () => Promise<Sample>, { least, most }: Effort['warm']): Promise<Sample> {
  let spent = 0;
  let best = 0;
  let without = 0;
  for (;;) {
    const last = await sample();
    spent += last.milliseconds;
    const rate = last.work / last.milliseconds;
    without = rate > 1.05 * best ? 0 : without + 1;
    best = Math.max(best, rate);
    if (spent >= most || (spent >= least && without >= 3)) return last;
  }
}

/** One sample: enough where all that happens the first time is the compiling of shaders. */
export const ONCE = { least: 0, most: 0 };
