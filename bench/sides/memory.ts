/** How many bytes of buffers a device has created and not destroyed, and the most at any time. */
export interface Meter {
  peak(): number;
  /** Those that are there now. */
  now(): { buffers: number; bytes: number };
}

/** Counts from now on; buffers that were there before do not count. */
export function meter(device: GPUDevice): Meter {
  let now = 0;
  let buffers = 0;
  let most = 0;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    now += descriptor.size;
    buffers += 1;
    most = Math.max(most, now);
    const destroy = buffer.destroy.bind(buffer);
    let alive = true;
    buffer.destroy = () => {
      if (alive) {
        now -= descriptor.size;
        buffers -= 1;
      }
      alive = false;
      return destroy();
    };
    return buffer;
  };
  return { peak: () => most, now: () => ({ buffers, bytes: now }) };
}
