/** Whether the GPU has room for so many bytes: nothing in WebGPU tells, so they are asked for and given back. */
export async function hasRoom(device: GPUDevice, bytes: number): Promise<boolean> {
  device.pushErrorScope('out-of-memory');
  const buffers: GPUBuffer[] = [];
  for (let left = bytes; left > 0; left -= device.limits.maxBufferSize) {
    const size = Math.ceil(Math.min(left, device.limits.maxBufferSize) / 4) * 4;
    buffers.push(device.createBuffer({ label: 'room', size, usage: GPUBufferUsage.STORAGE }));
  }
  const error = await device.popErrorScope();
  for (const buffer of buffers) buffer.destroy();
  return error === null;
}

/** Makes what takes memory of the GPU; undefined, and nothing of it stays, where there is no room for it. */
export async function ifRoom<T extends { dispose(): void }>(
  device: GPUDevice,
  make: () => Promise<T>,
): Promise<T | undefined> {
  device.pushErrorScope('out-of-memory');
  let made: T | undefined;
  let error: GPUError | null;
  try {
    made = await make();
  } finally {
    // On a lost device it rejects; others tell of that.
    error = await device.popErrorScope().catch(() => null);
  }
  if (error === null) return made;
  made.dispose();
  return undefined;
}
