/**
 * The one memory of a trainer or decoder: places are given out first, then it grows once to what they need, and nothing
 * is ever allocated again.
 */
import type { Kernels } from './kernels.ts';

const PAGE = 65536;
/** What 32-bit addresses reach. */
const REACH = 2 ** 32;
/** A line of the cache; the panels are read in lines. */
const ALIGNMENT = 64;

export class Arena {
  private end: number;
  private readonly memory: WebAssembly.Memory;

  constructor(kernels: Kernels) {
    this.memory = kernels.memory;
    this.end = kernels.arenaStart();
  }

  get bytes(): number {
    return this.end;
  }

  /** The address of a new place of so many bytes. */
  take(bytes: number): number {
    const at = Math.ceil(this.end / ALIGNMENT) * ALIGNMENT;
    this.end = at + bytes;
    return at;
  }

  /** The address of a new place for so many 4-byte numbers. */
  numbers(count: number): number {
    return this.take(4 * count);
  }

  /** Makes the memory. Throws RangeError, naming the bytes, when there cannot be that many. Call once, after all places. */
  commit(): void {
    this.take(ALIGNMENT); // a tile at an edge may read up to seven numbers past the last place
    if (this.end > REACH) throw new RangeError(`${this.end} bytes are needed, but WebAssembly reaches only ${REACH}.`);
    const pages = Math.ceil(this.end / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (pages <= 0) return;
    try {
      this.memory.grow(pages);
    } catch {
      throw new RangeError(`${this.end} bytes are needed, more than this engine gives.`);
    }
  }
}

/** View of the numbers at an address, once the memory is made. */
export const floatsAt = ({ memory }: Kernels, at: number, count: number) => new Float32Array(memory.buffer, at, count);
export const wholesAt = ({ memory }: Kernels, at: number, count: number) => new Int32Array(memory.buffer, at, count);

export const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;
