/**
 * A model's parameters in f16, as matrix products read them where the device has `shader-f16`: half the memory, and half the
 * bytes that must be fetched. Made on the GPU, so that weights in training need not leave it.
 */
import { expand } from './kernels/expand.ts';
import code from './kernels/halve.wgsl?raw';
import { stridingGroups } from './kernels/striding.ts';
import type { Parameters } from './parameters.ts';
import { PlanBuilder, quadsOf, type Range, rangeOf } from './plan.ts';

/** What a decoder needs of parameters, in f32 or f16. */
export type DecoderParameters = Pick<Parameters, 'config' | 'weight' | 'bias'> & { readonly half: boolean };

export class HalfParameters implements DecoderParameters {
  readonly half = true;
  /** The whole buffer, laid out as that of the parameters. */
  readonly all: Range;

  private constructor(
    private readonly whole: Parameters,
    private readonly buffer: GPUBuffer,
  ) {
    this.all = { ...rangeOf('halves', buffer), half: true };
  }

  /** Copies the parameters as they are now. Throws RangeError where the device has no shader-f16. */
  static async of(device: GPUDevice, whole: Parameters): Promise<HalfParameters> {
    if (!device.features.has('shader-f16')) throw new RangeError('This device does not compute in f16.');
    const usage = GPUBufferUsage.STORAGE;
    const buffer = device.createBuffer({ label: 'parameters in f16', size: whole.all.bytes / 2, usage });
    const halves = new HalfParameters(whole, buffer);
    const builder = new PlanBuilder(device);
    builder.add({
      label: 'parameters to f16',
      code: expand(code, { HALF: true }),
      constants: { SIZE4: quadsOf(whole.all) },
      ranges: [whole.all, halves.all],
      workgroups: [stridingGroups(quadsOf(whole.all))],
    });
    const plan = await builder.build();
    const encoder = device.createCommandEncoder();
    plan.record(encoder);
    device.queue.submit([encoder.finish()]);
    return halves;
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
    return { ...rangeOf(name, this.buffer, own!.offset / 2, bytes / 2), half: true };
  }
}
