/**
 * Reading from the GPU, and waiting for it. Firefox polls a GPU for completion only every 100 ms
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699), and besides at each submission. So on
 * devices that are measured to wait like that, empty submissions are made for as long as a wait
 * lasts, which then ends within milliseconds. The idea is from jax-js (ekzhang/jax-js#124);
 * docs/bench.md has what it gains. Other browsers are spared: there it would only cost time.
 */

/** Interval of the empty submissions. Browsers clamp it to 4 ms after the first few. */
const NUDGE_MS = 1;
/** An idle device is late when it takes longer than this to report so. Most take less than 1 ms. */
const LATE_MS = 20;

/** Devices whose browser reports completion late. */
const late = new WeakSet<GPUDevice>();
/** One timer for each device that is waited for, shared by all its waits. */
const nudges = new WeakMap<GPUDevice, { timer: ReturnType<typeof setInterval>; waits: number }>();

/** Measures how late the device's waits end. Call once, while it is idle. */
export async function measureLateness(device: GPUDevice): Promise<void> {
  // Twice, because the first wait may happen to start just before the browser polls.
  for (let i = 0; i < 2 && !late.has(device); i++) {
    const started = performance.now();
    await device.queue.onSubmittedWorkDone();
    if (performance.now() - started > LATE_MS) late.add(device);
  }
}

/** Settles as `done` does, a promise for work that this device was given, but without delay. */
export async function promptly<T>(device: GPUDevice, done: Promise<T>): Promise<T> {
  if (!late.has(device)) return done;
  const nudge = nudges.get(device) ?? { timer: setInterval(() => device.queue.submit([]), NUDGE_MS), waits: 0 };
  nudges.set(device, nudge);
  nudge.waits++;
  try {
    return await done;
  } finally {
    nudge.waits--;
    if (nudge.waits === 0) {
      clearInterval(nudge.timer);
      nudges.delete(device);
    }
  }
}

/** A range of a buffer with the usage COPY_SRC: `bytes` from `offset` on, both multiples of 4. */
export interface Source {
  buffer: GPUBuffer;
  offset?: number;
  bytes: number;
}

/**
 * Submits what the encoder has recorded, and returns the sources' bytes after it, concatenated.
 *
 * @throws Error if the device is lost meanwhile
 *
 * @example
 * const encoder = device.createCommandEncoder();
 * plan.record(encoder);
 * const losses = new Float32Array(await readBack(device, encoder, [{ buffer, bytes: 4 * rows }])); // [rows]
 */
export async function readBack(device: GPUDevice, encoder: GPUCommandEncoder, sources: Source[]): Promise<ArrayBuffer> {
  const size = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const staging = device.createBuffer({ label: 'read back', size, usage });
  let at = 0;
  for (const { buffer, offset = 0, bytes } of sources) {
    encoder.copyBufferToBuffer(buffer, offset, staging, at, bytes);
    at += bytes;
  }
  device.queue.submit([encoder.finish()]);
  try {
    await promptly(device, staging.mapAsync(GPUMapMode.READ));
    return staging.getMappedRange().slice(0);
  } finally {
    staging.destroy();
  }
}
