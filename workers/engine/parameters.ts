/**
 * A model's parameters on the GPU: one buffer, every parameter a range of it under its Hugging Face name. The parameters
 * that weight decay acts on come first, so that the optimiser needs one bound and no table.
 */
import { type Config, parameterShapes, type Weights } from '../igpt/config.ts';
import { decays } from '../igpt/optimizer.ts';
import { type Range, rangeOf } from './plan.ts';
import { readBack } from './read-back.ts';

/** WebGPU binds storage at multiples of 256 bytes, on every device; twice that, so that it holds for halves too. */
const ALIGNMENT = 512;

export class Parameters {
  readonly half = false;
  /** The whole buffer; what no parameter fills is zero and stays so. */
  readonly all: Range;
  /** Bytes at the beginning that weight decay acts on. */
  readonly decayed: number;
  private readonly buffer: GPUBuffer;
  private readonly ranges = new Map<string, Range>();

  /** Uploads the weights; biases that are absent or all zero are left out. Throws when a parameter is missing. */
  constructor(
    private readonly device: GPUDevice,
    readonly config: Config,
    weights: Weights,
  ) {
    const present = parameterShapes(config).filter(({ name, optional }) => {
      const values = weights.get(name);
      if (!values && !optional) throw new Error(`The model has no ${name}.`);
      return values && !(optional && values.every((x) => x === 0));
    });
    const names = present.map(({ name }) => name).sort((a, b) => Number(decays(b)) - Number(decays(a)));
    const offsets = new Map<string, number>();
    let size = 0;
    for (const name of names) {
      offsets.set(name, size);
      size += Math.ceil(weights.get(name)!.byteLength / ALIGNMENT) * ALIGNMENT;
    }
    this.decayed = offsets.get(names.find((name) => !decays(name))!)!;
    if (size > device.limits.maxBufferSize) {
      throw new RangeError(
        `The model needs ${size} bytes, but a buffer of this device holds ${device.limits.maxBufferSize}.`,
      );
    }
    this.buffer = makeBuffer(device, 'parameters', size);
    this.all = rangeOf('parameters', this.buffer);
    for (const [name, offset] of offsets) {
      this.ranges.set(name, rangeOf(name, this.buffer, offset, weights.get(name)!.byteLength));
    }
    this.write(this.buffer, weights);
  }

  /** A parameter that every model has. */
  weight(name: string): Range {
    return this.ranges.get(`${name}.weight`)!;
  }

  /** undefined when the model has no such bias. */
  bias(name: string): Range | undefined {
    return this.ranges.get(`${name}.bias`);
  }

  /** A buffer of the same layout, such as the gradient's: all zero, or the values given. */
  twin(label: string, values?: Weights): Twin {
    const buffer = makeBuffer(this.device, label, this.buffer.size);
    if (values) this.write(buffer, values);
    return {
      all: rangeOf(label, buffer),
      of: ({ name, bytes, own }: Range) => rangeOf(`d ${name}`, buffer, own!.offset, bytes),
      read: () => this.readFrom(buffer),
      dispose: () => buffer.destroy(),
    };
  }

  /** The values as they are after everything submitted so far. */
  read(): Promise<Weights> {
    return this.readFrom(this.buffer);
  }

  dispose(): void {
    this.buffer.destroy();
  }

  private write(buffer: GPUBuffer, values: Weights): void {
    for (const [name, { own, bytes }] of this.ranges) {
      const data = values.get(name)!;
      this.device.queue.writeBuffer(buffer, own!.offset, data.buffer, data.byteOffset, bytes);
    }
  }

  private async readFrom(buffer: GPUBuffer): Promise<Weights> {
    const bytes = await readBack(this.device, this.device.createCommandEncoder(), [{ buffer, bytes: buffer.size }]);
    const values: Weights = new Map();
    // In the order of the file, not of the buffer.
    for (const { name } of parameterShapes(this.config)) {
      const range = this.ranges.get(name);
      if (range) values.set(name, new Float32Array(bytes, range.own!.offset, range.bytes / 4));
    }
    return values;
  }
}

export interface Twin {
  all: Range;
  /** The part that belongs to a parameter. */
  of(parameter: Range): Range;
  read(): Promise<Weights>;
  dispose(): void;
}

function makeBuffer(device: GPUDevice, label: string, size: number): GPUBuffer {
  return device.createBuffer({
    label,
    size,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
}
