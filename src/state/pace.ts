/**
 * How long a run may be silent before it counts as standing still. That depends on the run's own speed. Only time in which
 * the page was awake counts: a machine that sleeps and a hidden tab whose timers are throttled are not a stall.
 */

/** The shortest patience: other work in the worker, or another program, can delay the quickest run. */
export const LEAST_MS = 120_000;
/** The shortest patience before the first step in a worker, when the device may have to compile its kernels. */
export const FIRST_MS = 300_000;
/** The patience before the first step of a new run, whose speed is not known. */
export const UNKNOWN_MS = 1_800_000;
/** A silence is implausible when it is this many times as long as the longest recent one. */
const FACTOR = 10;
/** The longest silence counts half as much after this time, so that one busy hour is not remembered for ever. */
const HALF_LIFE_MS = 600_000;
/** Time between two looks at the clock. */
export const LOOK_MS = 5000;
/** The most that counts of the time between two looks: a longer one means that the page was asleep or throttled. */
const MOST_COUNTED_MS = 3 * LOOK_MS;

export class Pace {
  private silent = 0;
  private moves = false;
  /** The longest recent silence, in milliseconds. */
  private longest: number;

  /**
   * @param at the time now, in milliseconds, on the clock of all times that are handed in
   * @param step steps taken so far
   * @param perStep average duration of those steps, in milliseconds; 0 if there are none
   */
  constructor(
    private at: number,
    private step: number,
    private readonly perStep: number,
  ) {
    this.longest = perStep;
  }

  /** The run has sent an update. @param step steps taken by then */
  heard(now: number, step: number): void {
    this.pass(now);
    this.longest = Math.max(this.silent, this.longest * 2 ** (-this.silent / HALF_LIFE_MS));
    this.silent = 0;
    this.moves ||= step > this.step;
    // The run may have gone back to an earlier checkpoint.
    this.step = Math.min(this.step, step);
  }

  /** Whether the run stands still. To be called every LOOK_MS. */
  isStill(now: number): boolean {
    this.pass(now);
    return this.silent > this.patience;
  }

  /** How long the run may be silent, in milliseconds. */
  get patience(): number {
    const implausible = FACTOR * this.longest;
    if (this.moves) return Math.max(LEAST_MS, implausible);
    return this.perStep > 0 ? Math.max(FIRST_MS, implausible) : UNKNOWN_MS;
  }

  private pass(now: number): void {
    this.silent += Math.min(now - this.at, MOST_COUNTED_MS);
    this.at = now;
  }
}
