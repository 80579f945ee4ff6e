import { expect, it } from 'vitest';
import { gpuTest } from './kernels/testing.ts';
import { hasRoom, ifRoom } from './room.ts';

/** A device with so much memory, that gives it in buffers of at most 100 bytes. */
function small(memory: number) {
  let used = 0;
  let failed = false;
  const device = {
    limits: { maxBufferSize: 100 },
    pushErrorScope: () => {
      failed = false;
    },
    popErrorScope: async () => (failed ? { message: 'out of memory' } : null),
    createBuffer: ({ size }: { size: number }) => {
      used += size;
      failed ||= used > memory;
      return { destroy: () => (used -= size) };
    },
  };
  return { device: device as unknown as GPUDevice, used: () => used };
}

it('tells what fits from what does not, and gives everything back', async () => {
  (globalThis as { GPUBufferUsage?: unknown }).GPUBufferUsage ??= { STORAGE: 128 };
  const { device, used } = small(252);
  expect(await hasRoom(device, 252)).toBe(true);
  expect(await hasRoom(device, 256)).toBe(false);
  expect(await hasRoom(device, 40)).toBe(true);
  expect(used()).toBe(0);
});

it('makes what there is room for, and leaves nothing of what there is none for', async () => {
  const { device, used } = small(252);
  const making = (size: number) => async () => {
    const buffer = device.createBuffer({ size, usage: 128 });
    return { size, dispose: () => buffer.destroy() };
  };
  expect((await ifRoom(device, making(200)))?.size).toBe(200);
  expect(await ifRoom(device, making(100))).toBeUndefined();
  expect(used()).toBe(200);
  const fault = new RangeError('of that size there is none');
  await expect(ifRoom(device, () => Promise.reject(fault))).rejects.toBe(fault);
});

gpuTest('finds room on a real device', async (device) => {
  expect(await hasRoom(device, 1 << 20)).toBe(true);
});
