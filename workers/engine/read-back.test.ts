import { afterEach, expect, it, vi } from 'vitest';
import { gpuTest, upload } from './kernels/testing.ts';
import { measureLateness, promptly, readBack } from './read-back.ts';

/** Like Firefox: completion is reported every 100 ms, and at each submission. */
function lateDevice(): GPUDevice & { submissions: number } {
  const waiting: (() => void)[] = [];
  const report = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  setInterval(report, 100);
  const device = {
    submissions: 0,
    queue: {
      submit: () => {
        device.submissions++;
        report();
      },
      onSubmittedWorkDone: () => new Promise<void>((resolve) => waiting.push(resolve)),
    },
  };
  return device as unknown as GPUDevice & { submissions: number };
}

/** Like other browsers: completion is reported at once. */
function promptDevice(): GPUDevice & { submissions: number } {
  const device = {
    submissions: 0,
    queue: { submit: () => device.submissions++, onSubmittedWorkDone: () => Promise.resolve() },
  };
  return device as unknown as GPUDevice & { submissions: number };
}

afterEach(() => vi.useRealTimers());

it('a wait ends within 5 ms where the browser itself would take up to 100', async () => {
  vi.useFakeTimers();
  const device = lateDevice();
  vi.advanceTimersByTime(90); // the first wait is short by chance
  const measured = measureLateness(device);
  await vi.advanceTimersByTimeAsync(300);
  await measured;
  const started = performance.now();
  const waits = [1, 2].map(() => promptly(device, device.queue.onSubmittedWorkDone()));
  const ended = Promise.all(waits).then(() => performance.now());
  await vi.advanceTimersByTimeAsync(300);
  expect((await ended) - started).toBeLessThanOrEqual(5);
  // No wait, no submission.
  const { submissions } = device;
  await vi.advanceTimersByTimeAsync(300);
  expect(device.submissions).toBe(submissions);
});

it('the empty submissions end when a wait fails, and start again with the next wait', async () => {
  vi.useFakeTimers();
  const device = lateDevice();
  const measured = measureLateness(device);
  await vi.advanceTimersByTimeAsync(300);
  await measured;
  await expect(promptly(device, Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  await vi.advanceTimersByTimeAsync(300);
  expect(device.submissions).toBe(0);
  const wait = promptly(device, device.queue.onSubmittedWorkDone());
  await vi.advanceTimersByTimeAsync(5);
  await wait;
  expect(device.submissions).toBe(1);
});

it('a browser that reports completion at once is spared them', async () => {
  const device = promptDevice();
  await measureLateness(device);
  await promptly(device, new Promise((resolve) => setTimeout(resolve, 50)));
  expect(device.submissions).toBe(0);
});

gpuTest('sources are read end to end, as they are after what was recorded', async (device) => {
  const numbers = upload(device, Float32Array.of(1, 2, 3, 4)).own!.buffer;
  const others = upload(device, Float32Array.of(5, 6)).own!.buffer;
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(others, 0, numbers, 4, 8);
  const sources = [
    { buffer: others, bytes: 8 },
    { buffer: numbers, offset: 4, bytes: 12 },
  ];
  expect([...new Float32Array(await readBack(device, encoder, sources))]).toEqual([5, 6, 5, 6, 4]);
});

it('no other module waits for the GPU by itself', () => {
  const sources = import.meta.glob<string>(['../**/*.ts', '!../**/*.test.ts', '!./read-back.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  expect(Object.keys(sources)).toContain('./decoder.ts');
  const waits = Object.values(sources)
    .join('\n')
    .match(/.*(mapAsync|onSubmittedWorkDone)\(.*/g);
  expect(waits?.filter((line) => !line.includes('promptly('))).toEqual([]);
});
