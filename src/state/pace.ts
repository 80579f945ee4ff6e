/**
 * How long a run may be silent before it is taken to stand still. It depends on the run's own speed, and on time in which the
 * page was awake alone: a machine that sleeps, and a hidden tab whose timers are held back, are no reason to think ill of it.
 */

/** A run that steps many times a second may be silent for this long: other work, or another program, can be in its way. */
export const LEAST_MS = 120_000;
/** Before its first step a device may have to compile its kernels. */
export const FIRST_MS = 300_000;
/** Before the first step of all nobody knows how long one takes. */
export const UNKNOWN_MS = 1_800_000;
/** No step takes so many times as long as the longest of late. */
const FACTOR = 10;
/** The longest silence counts half as much after so long, so that one busy quarter of an hour is not remembered for ever. */
const HALF_LIFE_MS = 600_000;
/** The page looks so often. */
export const LOOK_MS = 5000;
/** More than this is not counted of the time between two looks: the page was not awake in it, or did not get to look. */
const MOST_COUNTED_MS = 3 * LOOK_MS;

export class Pace {
  private silent = 0;
  private moves = false;
  /** The longest silence of late, in milliseconds. */
  private longest: number;

  /**
   * @param at milliseconds on the clock that all times here are of
   * @param step steps taken so far
   * @param perStep milliseconds that those took on average; 0 if there are none
   */
  constructor(
    private at: number,
    private step: number,
    private readonly perStep: number,
  ) {
    this.longest = perStep;
  }

  /** The run has told something, and that it has taken so many steps. */
  heard(now: number, step: number): void {
    this.pass(now);
    this.longest = Math.max(this.silent, this.longest * 2 ** (-this.silent / HALF_LIFE_MS));
    this.silent = 0;
    this.moves ||= step > this.step;
    // It may have gone back to what was saved.
    this.step = Math.min(this.step, step);
  }

  /** Call it every LOOK_MS: whether the run stands still. */
  isStill(now: number): boolean {
    this.pass(now);
    return this.silent > this.patience;
  }

  /** Milliseconds that the run may be silent. */
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
