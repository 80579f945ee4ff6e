/**
 * A model's parameters in f16, as decoding reads them where the device has `shader-f16`: half the memory, and half the
 * bytes that each token must fetch. Made on the GPU, so that weights in training need not leave it.
 */
import { expand } from './kernels/expand.ts';
import code from './kernels/halve.wgsl?raw';
import { stridingGroups } from './kernels/striding.ts';
import type { Parameters } from './parameters.ts';
import { PlanBuilder, type Range, rangeOf } from './plan.ts';

/** What a decoder needs of parameters, in f32 or f16. */
export type DecoderParameters = Pick<Parameters, 'config' | 'weight' | 'bias'> & { readonly half: boolean };

export class HalfParameters implements DecoderParameters {
  readonly half = true;

  private constructor(
    private readonly whole: Parameters,
    private readonly buffer: GPUBuffer,
  ) {}

  /** Copies the parameters as they are now. The device must have shader-f16. */
  static async of(device: GPUDevice, whole: Parameters): Promise<HalfParameters> {
    const usage = GPUBufferUsage.STORAGE;
    const buffer = device.createBuffer({ label: 'parameters in f16', size: whole.all.bytes / 2, usage });
    const size4 = whole.all.bytes / 16;
    const builder = new PlanBuilder(device);
    builder.add({
      label: 'parameters to f16',
      code: expand(code, {}),
      constants: { SIZE4: size4 },
      ranges: [whole.all, rangeOf('halves', buffer)],
      workgroups: [stridingGroups(size4)],
    });
    const plan = await builder.build();
    const encoder = device.createCommandEncoder();
    plan.record(encoder);
    device.queue.submit([encoder.finish()]);
    return new HalfParameters(whole, buffer);
  }

  get config() {
    return this.whole.config;
  }

  weight(name: string): Range {
    return this.halved(this.whole.weight(name));
  }

  bias(name: string): Range | undefined {
    const bias = this.whole.bias(name);
    return bias && this.halved(bias);
  }

  get bytes(): number {
    return this.buffer.size;
  }

  /** The parameters that these were made of are left as they are. */
  dispose(): void {
    this.buffer.destroy();
  }

  private halved({ name, own, bytes }: Range): Range {
    return rangeOf(name, this.buffer, own!.offset / 2, bytes / 2);
  }
}
