/** A model's parameters on the GPU: one buffer, every parameter a range of it under its Hugging Face name. */
import { type Config, parameterShapes, type Weights } from '../igpt/config.ts';
import { type Range, rangeOf } from './plan.ts';

/** WebGPU binds storage at multiples of this many bytes, on every device. */
const ALIGNMENT = 256;

export class Parameters {
  private readonly buffer: GPUBuffer;
  private readonly ranges = new Map<string, Range>();

  /** Uploads the weights; biases that are absent or all zero are left out. Throws when a parameter is missing. */
  constructor(
    device: GPUDevice,
    readonly config: Config,
    weights: Weights,
  ) {
    const present = parameterShapes(config).filter(({ name, optional }) => {
      const values = weights.get(name);
      if (!values && !optional) throw new Error(`The model has no ${name}.`);
      return values && !(optional && values.every((x) => x === 0));
    });
    const offsets: number[] = [];
    let size = 0;
    for (const { name } of present) {
      offsets.push(size);
      size += Math.ceil(weights.get(name)!.byteLength / ALIGNMENT) * ALIGNMENT;
    }
    if (size > device.limits.maxBufferSize) {
      throw new RangeError(
        `The model needs ${size} bytes, but a buffer of this device holds ${device.limits.maxBufferSize}.`,
      );
    }
    this.buffer = device.createBuffer({
      label: 'parameters',
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    present.forEach(({ name }, i) => {
      const values = weights.get(name)!;
      device.queue.writeBuffer(this.buffer, offsets[i], values as BufferSource);
      this.ranges.set(name, rangeOf(name, this.buffer, offsets[i], values.byteLength));
    });
  }

  /** A parameter that every model has. */
  weight(name: string): Range {
    return this.ranges.get(`${name}.weight`)!;
  }

  /** undefined when the model has no such bias. */
  bias(name: string): Range | undefined {
    return this.ranges.get(`${name}.bias`);
  }

  dispose(): void {
    this.buffer.destroy();
  }
}
