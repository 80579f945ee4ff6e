import { expect, it } from 'vitest';
import { gpuTest } from './kernels/testing.ts';
import { hasRoom } from './room.ts';

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

gpuTest('finds room on a real device', async (device) => {
  expect(await hasRoom(device, 1 << 20)).toBe(true);
});
