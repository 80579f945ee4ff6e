/** What live charts cost the page while a run is under way, on the main thread's own clock. */
import { expect, SHORT, test } from './run-page.ts';

/** Steps whose course is drawn; ten thousand on request: `STEPS=10000 npx playwright test e2e/training-frames.spec.ts`. */
const STEPS = Number(process.env.STEPS ?? 1500);
const SECONDS = 5;
const LIMIT_MS = 4;

test('all charts live cost the main thread less than 4 ms a frame', async ({ runs, page }) => {
  test.setTimeout(120_000 + 60 * STEPS);
  await runs.open('backend=wasm');
  await runs.write({
    ...SHORT,
    Width: 16,
    'Pictures a step': 1,
    'Judge every': 100,
    Steps: 1_000_000,
    'Save every': 1000,
  });
  await runs.startOnBundled();
  await expect.poll(() => runs.step(), { timeout: 60 * STEPS }).toBeGreaterThan(STEPS);

  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const framesOf = (seconds: number) =>
    page.evaluate(
      (seconds) =>
        new Promise<number>((resolve) => {
          const begun = performance.now();
          let count = 0;
          const next = () => {
            count += 1;
            if (performance.now() - begun < 1000 * seconds) requestAnimationFrame(next);
            else resolve(count);
          };
          requestAnimationFrame(next);
        }),
      seconds,
    );
  const milliseconds = async () => {
    const before = await busy();
    const frames = await framesOf(SECONDS);
    return (1000 * ((await busy()) - before)) / frames;
  };
  // A machine that is busy with other things shows fewer frames, each with more to catch up on.
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 4 && least >= LIMIT_MS; tries++) least = Math.min(least, await milliseconds());
  console.log(`${least.toFixed(2)} ms of main thread a frame after ${await runs.step()} steps.`);
  expect(least).toBeLessThan(LIMIT_MS);
  await runs.stop.click();
});
