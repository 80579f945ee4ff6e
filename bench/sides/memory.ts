/** How many bytes of buffers a device has created and not destroyed, and the most at any time. */
export interface Meter {
  peak(): number;
}

/** Counts from now on; buffers that were there before do not count. */
export function meter(device: GPUDevice): Meter {
  let now = 0;
  let most = 0;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    now += descriptor.size;
    most = Math.max(most, now);
    const destroy = buffer.destroy.bind(buffer);
    let alive = true;
    buffer.destroy = () => {
      if (alive) now -= descriptor.size;
      alive = false;
      return destroy();
    };
    return buffer;
  };
  return { peak: () => most };
}
