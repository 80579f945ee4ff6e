import { afterEach, expect, it, vi } from 'vitest';
import { gpuTest, upload } from './kernels/testing.ts';
import { learnLateness, promptly, readBack } from './read-back.ts';

/** As Firefox: what has finished is told every 100 ms, and when something is submitted. */
function slowToTell(): GPUDevice & { submissions: number } {
  const told: (() => void)[] = [];
  const tell = () => {
    for (const resolve of told.splice(0)) resolve();
  };
  setInterval(tell, 100);
  const device = {
    submissions: 0,
    queue: {
      submit: () => {
        device.submissions++;
        tell();
      },
      onSubmittedWorkDone: () => new Promise<void>((resolve) => told.push(resolve)),
    },
  };
  return device as unknown as GPUDevice & { submissions: number };
}

/** As every other browser: what has finished is told at once. */
function quickToTell(): GPUDevice & { submissions: number } {
  const device = {
    submissions: 0,
    queue: { submit: () => device.submissions++, onSubmittedWorkDone: () => Promise.resolve() },
  };
  return device as unknown as GPUDevice & { submissions: number };
}

afterEach(() => vi.useRealTimers());

it('a wait ends within 5 ms where the browser itself would take up to 100', async () => {
  vi.useFakeTimers();
  const device = slowToTell();
  vi.advanceTimersByTime(90); // the first wait looks quick by chance
  const learnt = learnLateness(device);
  await vi.advanceTimersByTimeAsync(300);
  await learnt;
  const begun = performance.now();
  const waits = [1, 2].map(() => promptly(device, device.queue.onSubmittedWorkDone()));
  const ended = Promise.all(waits).then(() => performance.now());
  await vi.advanceTimersByTimeAsync(300);
  expect((await ended) - begun).toBeLessThanOrEqual(5);
  // Once nobody waits, nothing is submitted.
  const { submissions } = device;
  await vi.advanceTimersByTimeAsync(300);
  expect(device.submissions).toBe(submissions);
});

it('the submitting ends when a wait fails, and begins again with the next wait', async () => {
  vi.useFakeTimers();
  const device = slowToTell();
  const learnt = learnLateness(device);
  await vi.advanceTimersByTimeAsync(300);
  await learnt;
  await expect(promptly(device, Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  await vi.advanceTimersByTimeAsync(300);
  expect(device.submissions).toBe(0);
  const wait = promptly(device, device.queue.onSubmittedWorkDone());
  await vi.advanceTimersByTimeAsync(5);
  await wait;
  expect(device.submissions).toBe(1);
});

it('where the browser is quick, nothing is submitted', async () => {
  const device = quickToTell();
  await learnLateness(device);
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
