/** What the kernels' tests share: a device, opened once a file, and values up to it and down from it. */
import { test } from 'vitest';
import { adapterName } from '../../contract.ts';
import { uniform } from '../../igpt/random.ts';
import { openDawn } from '../dawn.ts';
import { type Plan, type Range, rangeOf } from '../plan.ts';
import { readBack } from '../read-back.ts';

const opened = await openDawn();
if (!('missing' in opened)) console.log(`Kernel tests run on ${adapterName(opened.info)}.`);

/** A software driver may compile a kernel for seconds, and has no cache on a new machine. */
const TIMEOUT_MS = 300_000;

/** A test on the GPU, skipped where there is no adapter. Fails on any GPU error. */
export function gpuTest(name: string, body: (device: GPUDevice) => Promise<void>): void {
  test(name, { tags: ['webgpu'], timeout: TIMEOUT_MS }, async () => {
    if ('missing' in opened) throw new Error(opened.missing);
    const { device } = opened;
    device.pushErrorScope('validation');
    await body(device);
    const error = await device.popErrorScope();
    if (error) throw new Error(error.message);
  });
}

/** The same device, as if it had no such feature. */
export function without(device: GPUDevice, feature: GPUFeatureName): GPUDevice {
  const features = new Set([...device.features].filter((has) => has !== feature));
  return new Proxy(device, {
    get(real, key) {
      if (key === 'features') return features;
      const value = Reflect.get(real, key, real);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
}

/** How many threads share a row, and whether they may use subgroups where the device has them. */
export const LANES = [
  { lanes: 1, subgroups: true },
  { lanes: 32, subgroups: true },
  { lanes: 32, subgroups: false },
];

export function upload(device: GPUDevice, values: Float32Array | Uint32Array | Int32Array): Range {
  const buffer = device.createBuffer({
    size: values.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, values as BufferSource);
  return rangeOf('upload', buffer);
}

/** Runs the plan once and reads a range of it. */
export async function download(device: GPUDevice, plan: Plan, range: Range): Promise<Float32Array> {
  const [values] = await downloads(device, plan, [range]);
  return values;
}

/** Runs the plan once and reads ranges of it that later dispatches have not written over. */
export async function downloads(device: GPUDevice, plan: Plan, ranges: Range[]): Promise<Float32Array[]> {
  const encoder = device.createCommandEncoder();
  plan.record(encoder);
  const sources = ranges.map((range) => ({ ...plan.locate(range), bytes: range.bytes }));
  const read = await readBack(device, encoder, sources);
  let at = 0;
  return ranges.map(({ bytes }) => {
    at += bytes;
    return new Float32Array(read.slice(at - bytes, at));
  });
}

/** Memory of one's own for a result, so that nothing shares it. */
export function result(device: GPUDevice, elements: number): Range {
  return upload(device, new Float32Array(elements));
}

/** Numbers in [-1, 1) that differ with the seed. */
export const random = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => 2 * uniform(seed, 0, i) - 1);

/** The largest difference from the expected values. */
export function worst(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = found.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < expected.length; i++) most = Math.max(most, Math.abs(found[i] - expected[i]));
  return most;
}
