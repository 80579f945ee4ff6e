/** What the kernels' tests share: a device, opened once a file, and values up to it and down from it. */
import { test } from 'vitest';
import { adapterName } from '../device.ts';
import { type Plan, type Range, rangeOf } from '../plan.ts';
import { openDawn } from '../testing.ts';

const opened = await openDawn();
console.log(
  'missing' in opened
    ? `Kernel tests are skipped: ${opened.missing}`
    : `Kernel tests run on ${adapterName(opened.info)}.`,
);

/** A test on the GPU; skipped, with the reason in the log, where there is no adapter. Fails on any GPU error. */
export function gpuTest(name: string, body: (device: GPUDevice) => Promise<void>): void {
  test.skipIf('missing' in opened)(name, async () => {
    if ('missing' in opened) return;
    const { device } = opened;
    device.pushErrorScope('validation');
    await body(device);
    const error = await device.popErrorScope();
    if (error) throw new Error(error.message);
  });
}

export function upload(device: GPUDevice, values: Float32Array | Uint32Array): Range {
  const buffer = device.createBuffer({
    size: values.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, values as BufferSource);
  return rangeOf('upload', buffer);
}

/** Runs the plan once and reads a range of it. */
export async function download(device: GPUDevice, plan: Plan, range: Range): Promise<Float32Array> {
  const { buffer, offset = 0 } = plan.locate(range);
  const staging = device.createBuffer({ size: range.bytes, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  plan.encode(pass);
  pass.end();
  encoder.copyBufferToBuffer(buffer, offset, staging, 0, range.bytes);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}
