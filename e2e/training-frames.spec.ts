/** What live charts cost the page while a run is under way, on the main thread's own clock. */
import { expect, SHORT, test } from './run-page.ts';

/** Steps whose course is drawn; ten thousand on request: `STEPS=10000 npx playwright test e2e/training-frames.spec.ts`. */
const STEPS = Number(process.env.STEPS ?? 1500);
const SECONDS = 5;

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
  const frames = page.evaluate(
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
    SECONDS,
  );
  const before = await busy();
  const drawn = await frames;
  const milliseconds = (1000 * ((await busy()) - before)) / drawn;
  console.log(
    `${milliseconds.toFixed(2)} ms of main thread a frame, ${drawn} frames, after ${await runs.step()} steps.`,
  );
  expect(milliseconds).toBeLessThan(4);
  await runs.stop.click();
});
