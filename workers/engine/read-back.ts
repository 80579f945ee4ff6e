/**
 * Reading from the GPU, and waiting for it. Firefox looks whether a GPU has finished only every 100 ms
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699), and besides whenever something is submitted. So where a device
 * is seen to wait like that, nothing is submitted, again and again, for as long as a wait lasts: it then ends within
 * milliseconds. The idea is jax-js's (ekzhang/jax-js#124); what it gains is in docs/bench.md.
 */

/** Browsers hold timers back to 4 ms each where one starts the next, after the first few. */
const NUDGE_MS = 1;
/** An idle device that takes longer to say so is late; others take less than one. */
const LATE_MS = 20;

/** Devices whose waits end late by themselves. */
const late = new WeakSet<GPUDevice>();
/** The timer that the waits for a device share, and how many they are. */
const nudges = new WeakMap<GPUDevice, { timer: ReturnType<typeof setInterval>; waits: number }>();

/** Measures how late waits end on a device that has nothing to do. Call once, before its first work. */
export async function learnLateness(device: GPUDevice): Promise<void> {
  // Twice, for the first wait may happen to begin just before the browser looks.
  for (let i = 0; i < 2 && !late.has(device); i++) {
    const begun = performance.now();
    await device.queue.onSubmittedWorkDone();
    if (performance.now() - begun > LATE_MS) late.add(device);
  }
}

/** Settles as `done` does, a promise that waits for work given to this device, but not late. */
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

/** Part of a buffer that has the usage COPY_SRC: `bytes` from `offset` on, both multiples of 4. */
export interface Source {
  buffer: GPUBuffer;
  offset?: number;
  bytes: number;
}

/**
 * Submits what the encoder has recorded, and reads the sources as they are after it, end to end.
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
