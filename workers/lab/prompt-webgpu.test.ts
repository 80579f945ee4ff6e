import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { expect, it, vi } from 'vitest';
import { measureLateness } from '../engine/read-back.ts';
import { PromptWebGPUBackend } from './prompt-webgpu.ts';

it('what tfjs reads is waited for as what the engine reads', async () => {
  const submit = vi.fn();
  const device = {
    queue: { submit, onSubmittedWorkDone: () => new Promise((resolve) => setTimeout(resolve, 50)) },
  } as unknown as GPUDevice;
  await measureLateness(device);
  const values = Float32Array.of(1, 2);
  vi.spyOn(WebGPUBackend.prototype, 'read').mockImplementation(
    () => new Promise((resolve) => setTimeout(resolve, 50, values)),
  );
  const backend = Object.assign(Object.create(PromptWebGPUBackend.prototype), { device }) as PromptWebGPUBackend;
  expect(await backend.read({})).toBe(values);
  expect(submit).toHaveBeenCalledWith([]);
});
