import { expect, test } from 'vitest';
import { FIRST_MS, LEAST_MS, LOOK_MS, Pace, UNKNOWN_MS } from './pace.ts';

const HOUR = 3_600_000;

/** A page that looks at the clock as it should; `every` is how long its timers are held back. */
class Page {
  now = 0;
  step: number;
  readonly pace: Pace;

  constructor(step = 0, perStep = 0) {
    this.step = step;
    this.pace = new Pace(0, step, perStep);
  }

  /** The run takes steps of this length. */
  steps(count: number, length: number): void {
    for (let i = 0; i < count; i++) {
      expect(this.stillAfter(length)).toBe(Number.POSITIVE_INFINITY);
      this.pace.heard(this.now, ++this.step);
    }
  }

  /** Milliseconds of silence until the run is taken to stand still, if that happens within `length`. */
  stillAfter(length: number, every = LOOK_MS): number {
    const [from, to] = [this.now, this.now + length];
    while (this.now + every < to) {
      this.now += every;
      if (this.pace.isStill(this.now)) return this.now - from;
    }
    this.now = to;
    return Number.POSITIVE_INFINITY;
  }
}

test('a quick run that is silent is found out two minutes later, and no sooner', () => {
  const page = new Page();
  page.steps(1000, 100);
  const found = page.stillAfter(HOUR);
  expect(found).toBeGreaterThan(LEAST_MS);
  expect(found).toBeLessThanOrEqual(LEAST_MS + LOOK_MS);
});

test('a slow run may be silent for ten of its longest steps', () => {
  const page = new Page();
  page.steps(3, 60_000);
  page.steps(1, 90_000);
  const found = page.stillAfter(HOUR);
  expect(found).toBeGreaterThan(900_000);
  expect(found).toBeLessThanOrEqual(900_000 + LOOK_MS);
});

test('what took long once is forgotten by and by', () => {
  const page = new Page();
  page.steps(1, 100_000);
  page.steps(1, 300_000);
  expect(page.pace.patience).toBe(3_000_000);
  page.steps(1200, 1000);
  expect(page.pace.patience).toBeCloseTo(750_000, -1);
  page.steps(3600, 1000);
  expect(page.pace.patience).toBe(LEAST_MS);
});

test('the first step may take as long as kernels compile, and longer where no step has been taken yet', () => {
  for (const page of [new Page(50, 100), new Page()]) {
    // It says that it runs.
    page.pace.heard(10, page.step);
    const patience = page.step > 0 ? FIRST_MS : UNKNOWN_MS;
    expect(page.pace.patience).toBe(patience);
    expect(page.stillAfter(HOUR)).toBeGreaterThan(patience);
  }
  const slow = new Page(3, 120_000);
  expect(slow.pace.patience).toBe(1_200_000);
});

test('a run that went back to what was saved moves with its first step from there', () => {
  const page = new Page(80, 100);
  page.pace.heard(10, 50);
  expect(page.pace.patience).toBe(FIRST_MS);
  page.pace.heard(20, 51);
  expect(page.pace.patience).toBe(LEAST_MS);
});

test('a machine that sleeps is no run that stands still, however often it does', () => {
  const page = new Page();
  page.steps(100, 1000);
  for (let night = 0; night < 100; night++) {
    page.now += 8 * HOUR;
    expect(page.pace.isStill(page.now)).toBe(false);
    page.steps(1, 1000);
  }
  expect(page.pace.patience).toBeLessThan(2 * LEAST_MS);
});

test('a hidden tab that may look once a minute finds it out all the same, some minutes later', () => {
  const page = new Page();
  page.steps(1000, 100);
  const found = page.stillAfter(HOUR, 60_000);
  expect(found).toBeGreaterThan(LEAST_MS);
  expect(found).toBeLessThanOrEqual(10 * 60_000);
});
