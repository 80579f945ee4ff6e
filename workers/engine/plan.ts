/**
 * A plan is a fixed list of dispatches over fixed buffers: recorded once, with cached pipelines and bind groups, and
 * replayed as one compute pass without allocating or reading anything back. Temporary buffers share memory where their
 * lifetimes allow (arena.ts). The idea follows torchlette and onnxruntime's graph capture: most of a small model's step
 * is otherwise spent in JavaScript.
 */
import { type Lifetime, place } from './arena.ts';
import { pipelineFor } from './pipelines.ts';

/** A range of GPU memory that dispatches bind. Made by a PlanBuilder or wrapped around a buffer of one's own. */
export interface Range {
  readonly name: string;
  readonly bytes: number;
  /** Its numbers are f16; else they take four bytes each. */
  readonly half?: boolean;
  /** Where it lies, when it is not a temporary of the plan. */
  readonly own?: { buffer: GPUBuffer; offset: number };
}

export interface Dispatch {
  label: string;
  /** WGSL whose bindings 0, 1, … of group 0 are `ranges`, in order. */
  code: string;
  /** Values of the WGSL's `override` constants. */
  constants?: Record<string, number>;
  ranges: Range[];
  workgroups: [number, number?, number?];
  /** What a workgroup takes, where not every device has as much: threads, and bytes of shared memory. */
  workgroup?: { threads: number; bytes: number };
  /** Floating-point operations, for the report. */
  flops?: number;
}

/** Wraps part of a buffer that outlives the plan. The offset must be a multiple of 256. */
export function rangeOf(name: string, buffer: GPUBuffer, offset = 0, bytes = buffer.size - offset): Range {
  return { name, bytes, own: { buffer, offset } };
}

/** How many groups of four numbers a range has: kernels go over memory by vec4. */
export const quadsOf = ({ bytes, half }: Range): number => bytes / (half ? 8 : 16);

export class PlanBuilder {
  private readonly dispatches: Dispatch[] = [];

  constructor(private readonly device: GPUDevice) {}

  /** Whether kernels may use them. */
  get subgroups(): boolean {
    return this.device.features.has('subgroups');
  }

  /** Memory that holds values between dispatches of one run only. */
  temporary(name: string, elements: number, half = false): Range {
    return { name, bytes: (half ? 2 : 4) * elements, half };
  }

  add(dispatch: Dispatch): void {
    this.dispatches.push(dispatch);
  }

  /**
   * Compiles every pipeline and allocates the arena, or shares that of a plan that never runs at the same time.
   * Throws RangeError, before that, for what the device cannot do.
   */
  async build(sharing?: Plan): Promise<Plan> {
    const { limits } = this.device;
    for (const { label, ranges, workgroups, workgroup = { threads: 1, bytes: 0 } } of this.dispatches) {
      for (const { name, bytes } of ranges) {
        if (bytes > limits.maxStorageBufferBindingSize) {
          throw new RangeError(
            `${label}: ${name} needs ${bytes} bytes, but this device binds at most ${limits.maxStorageBufferBindingSize}.`,
          );
        }
      }
      if (ranges.length > limits.maxStorageBuffersPerShaderStage) {
        throw new RangeError(
          `${label}: ${ranges.length} buffers are needed, but this device binds at most ${limits.maxStorageBuffersPerShaderStage}.`,
        );
      }
      if (workgroup.threads > limits.maxComputeInvocationsPerWorkgroup) {
        throw new RangeError(
          `${label}: a workgroup needs ${workgroup.threads} threads, but this device has at most ${limits.maxComputeInvocationsPerWorkgroup}.`,
        );
      }
      if (workgroup.bytes > limits.maxComputeWorkgroupStorageSize) {
        throw new RangeError(
          `${label}: a workgroup shares ${workgroup.bytes} bytes, but this device has at most ${limits.maxComputeWorkgroupStorageSize}.`,
        );
      }
      const most = Math.max(...workgroups.map((n) => n ?? 1));
      if (most > limits.maxComputeWorkgroupsPerDimension) {
        throw new RangeError(
          `${label}: ${most} workgroups are needed, but this device starts at most ${limits.maxComputeWorkgroupsPerDimension}.`,
        );
      }
    }
    const { slabs, slabOf } = place(lifetimes(this.dispatches));
    const lent = [...(sharing?.arena ?? [])].sort((x, y) => y.size - x.size);
    const own: GPUBuffer[] = [];
    const arena = slabs.map((size, i) => {
      const shared = lent[i]; // both from large to small
      if (shared && shared.size >= size) return shared;
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      const buffer = this.device.createBuffer({ label: `arena ${i}`, size, usage });
      own.push(buffer);
      return buffer;
    });
    const resource = (range: Range): GPUBufferBinding =>
      range.own
        ? { buffer: range.own.buffer, offset: range.own.offset, size: range.bytes }
        : { buffer: arena[slabOf.get(range)!], size: range.bytes };
    const steps = await Promise.all(
      this.dispatches.map(async ({ label, code, constants, ranges, workgroups }): Promise<Step> => {
        const pipeline = await pipelineFor(this.device, label, code, constants ?? {});
        const bindGroup = this.device.createBindGroup({
          label,
          layout: pipeline.getBindGroupLayout(0),
          entries: ranges.map((range, binding) => ({ binding, resource: resource(range) })),
        });
        return { pipeline, bindGroup, workgroups };
      }),
    );
    return new Plan(steps, this.dispatches, own, resource);
  }
}

interface Step {
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  workgroups: Dispatch['workgroups'];
}

export class Plan {
  constructor(
    private readonly steps: Step[],
    private readonly dispatches: Dispatch[],
    /** The buffers that are this plan's own, from large to small. */
    readonly arena: GPUBuffer[],
    private readonly resource: (range: Range) => GPUBufferBinding,
  ) {}

  /** Bytes of the arena; ranges that the plan was handed and slabs that it shares do not count. */
  get bytes(): number {
    return this.arena.reduce((sum, { size }) => sum + size, 0);
  }

  get flops(): number {
    return this.dispatches.reduce((sum, { flops }) => sum + (flops ?? 0), 0);
  }

  get length(): number {
    return this.steps.length;
  }

  /** Records every dispatch into a pass. */
  encode(pass: GPUComputePassEncoder): void {
    for (const { pipeline, bindGroup, workgroups } of this.steps) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
  }

  /** Records the plan, so many times over, as one pass of its own. */
  record(encoder: GPUCommandEncoder, times = 1): void {
    const pass = encoder.beginComputePass();
    for (let i = 0; i < times; i++) this.encode(pass);
    pass.end();
  }

  /** What the dispatches are called and what they cost, in order: operations, and bytes bound. */
  get costs(): { label: string; flops: number; bytes: number }[] {
    return this.dispatches.map(({ label, flops = 0, ranges }) => {
      return { label, flops, bytes: ranges.reduce((sum, { bytes }) => sum + bytes, 0) };
    });
  }

  /**
   * Records each dispatch as a pass of its own, so that a device with `timestamp-query` tells when each ends: query 0 is
   * written before the first dispatch, query i + 1 after dispatch i.
   */
  recordTimed(encoder: GPUCommandEncoder, querySet: GPUQuerySet): void {
    this.steps.forEach(({ pipeline, bindGroup, workgroups }, i) => {
      const begin = i === 0 ? { beginningOfPassWriteIndex: 0 } : {};
      const pass = encoder.beginComputePass({ timestampWrites: { querySet, ...begin, endOfPassWriteIndex: i + 1 } });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
      pass.end();
    });
  }

  /** Where a range lies, for copies and tests. A temporary's content is what its last writer left there. */
  locate(range: Range): GPUBufferBinding {
    return this.resource(range);
  }

  /** What will run, a line a dispatch: label, workgroups, megabytes bound, millions of operations. */
  toString(): string {
    const lines = this.costs.map(({ label, flops, bytes }, i) => {
      const shape = this.dispatches[i].workgroups.join('×');
      return `${label.padEnd(28)} ${shape.padEnd(12)} ${(bytes / 1e6).toFixed(3).padStart(9)} MB ${(flops / 1e6).toFixed(2).padStart(10)} MFLOP`;
    });
    const total = `${this.length} dispatches, arena ${(this.bytes / 1e6).toFixed(1)} MB, ${(this.flops / 1e6).toFixed(1)} MFLOP`;
    return [...lines, total].join('\n');
  }

  dispose(): void {
    for (const buffer of this.arena) buffer.destroy();
  }
}

/** First and last dispatch of every temporary. */
function lifetimes(dispatches: Dispatch[]): Map<Range, Lifetime> {
  const found = new Map<Range, Lifetime>();
  dispatches.forEach(({ ranges }, at) => {
    for (const range of ranges) {
      if (range.own) continue;
      const life = found.get(range);
      if (life) life.last = at;
      else found.set(range, { first: at, last: at, bytes: range.bytes });
    }
  });
  return found;
}
