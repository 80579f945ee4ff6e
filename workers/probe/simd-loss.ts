/**
 * The loss of multinomial logistic regression on the SIMD kernels, in a WebAssembly memory of its own.
 *
 * Letters in shapes: n pictures, m of a block, d features, C classes, P = C rounded up to 8. Parameters are W [C, d] and
 * then b [C].
 */
import { Arena, floatsAt, roundUp, wholesAt } from '../simd/arena.ts';
import { instantiate, type Kernels } from '../simd/kernels.ts';
import { blocksOf, type Samples } from './samples.ts';
import { type Scaling, scale } from './scaling.ts';
import type { SoftmaxLoss } from './softmax-loss.ts';
import { runPiece, type Work } from './work.ts';

/** Features whose gradient is made at once, so that the room to pack them does not grow with their number. */
const STRIP = 4096;

/** Addresses in the kernels' memory. */
interface Places {
  /** [n, d] */
  x: number;
  /** Labels, int32, [n]. */
  labels: number;
  /** One for each picture of a block. */
  ones: number;
  /** W [C, d], and the same in panels of 8 classes. */
  w: number;
  panels: number;
  /** [P] */
  bias: number;
  /** Logits of a block, then their gradient, [m, P]. */
  logits: number;
  /** Gradient of W, in strips [C, STRIP]. */
  dw: number;
  /** Gradient of b, [P]. */
  db: number;
  packing: number;
}

export class SimdLoss implements SoftmaxLoss {
  private constructor(
    private readonly kernels: Kernels,
    private readonly places: Places,
    private readonly blocks: Uint32Array[],
    private readonly count: number,
    private readonly width: number,
    private readonly classes: number,
  ) {}

  /**
   * Copies the samples into the kernels' memory.
   * @throws RangeError if there is not so much
   */
  static async of(samples: Samples, classes: number, scaling: Scaling, work: Work): Promise<SimdLoss> {
    const { width, labels } = samples;
    const blocks = blocksOf(samples);
    const kernels = await instantiate();
    const arena = new Arena(kernels);
    const padded = roundUp(classes, 8);
    const most = blocks[0].length;
    const places: Places = {
      x: arena.numbers(labels.length * width),
      labels: arena.numbers(labels.length),
      ones: arena.numbers(most),
      w: arena.numbers(classes * width),
      panels: arena.numbers(padded * width),
      bias: arena.numbers(padded),
      logits: arena.numbers(most * padded),
      dw: arena.numbers(classes * width),
      db: arena.numbers(padded),
      packing: arena.take(kernels.outerBytes(classes, Math.min(width, STRIP))),
    };
    arena.commit();
    wholesAt(kernels, places.labels, labels.length).set(Array.from(labels));
    floatsAt(kernels, places.ones, most).fill(1);
    for (const block of blocks) {
      await runPiece(work, async () => {
        const x = floatsAt(kernels, places.x + 4 * width * block[0], block.length * width);
        x.set(scale(samples.rows(block), scaling));
      });
    }
    return new SimdLoss(kernels, places, blocks, labels.length, width, classes);
  }

  async at(parameters: Float64Array, work: Work): Promise<{ value: number; gradient: Float64Array }> {
    const { kernels, places, width, classes, count } = this;
    const padded = roundUp(classes, 8);
    const weights = classes * width;
    floatsAt(kernels, places.w, weights).set(parameters.subarray(0, weights));
    floatsAt(kernels, places.bias, padded).set(parameters.subarray(weights));
    kernels.packTransposed(classes, width, places.w, 4 * width, places.panels, 32 * width);
    const gradient = new Float64Array(parameters.length);
    let value = 0;
    for (const block of this.blocks) value += (await runPiece(work, async () => this.add(block, gradient))) / count;
    for (let i = 0; i < gradient.length; i++) gradient[i] /= count;
    return { value, gradient };
  }

  /** The memory goes with the last reference to it. */
  dispose(): void {}

  /** Adds a block's gradient to the sum of all, and returns the sum of its losses. */
  private add(block: Uint32Array, gradient: Float64Array): number {
    const { kernels, places, width, classes } = this;
    const { panels, bias, logits, dw, db } = places;
    const m = block.length;
    const padded = roundUp(classes, 8);
    const row = 4 * padded;
    const x = places.x + 4 * width * block[0];
    kernels.matmul(m, padded, width, x, 4 * width, 4, panels, 32 * width, 32, logits, row, bias, 0, 0, 0);
    const loss = kernels.crossEntropy(m, classes, logits, places.labels + 4 * block[0], places.ones);
    for (let from = 0; from < width; from += STRIP) {
      const columns = Math.min(STRIP, width - from);
      const strip = dw + 4 * classes * from;
      const sums = floatsAt(kernels, strip, classes * columns).fill(0);
      kernels.outer(m, classes, columns, logits, row, x + 4 * from, 4 * width, strip, places.packing);
      for (let c = 0; c < classes; c++) {
        for (let i = 0; i < columns; i++) gradient[c * width + from + i] += sums[c * columns + i];
      }
    }
    const biases = floatsAt(kernels, db, padded).fill(0);
    kernels.columnSums(m, padded, logits, db);
    for (let c = 0; c < classes; c++) gradient[classes * width + c] += biases[c];
    return loss;
  }
}
