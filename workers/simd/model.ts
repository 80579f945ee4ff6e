/**
 * The model for decoding on SIMD kernels: weights packed once, a static key-value cache for B pictures and one for what
 * they share, and room for one pass. What the reference's `extend` is to tfjs.
 */
import { TOP_COLOURS } from '../contract.ts';
import type { Config, Weights } from '../igpt/config.ts';
import type { Statistics } from '../igpt/ledger.ts';
import { Arena, floatsAt, wholesAt } from './arena.ts';
import { instantiate, type Kernels } from './kernels.ts';
import { Layers } from './layers.ts';
import { type Shapes, shapesOf } from './shapes.ts';

export class CachedModel {
  /** Positions that all pictures share. */
  private prefix = 0;

  private constructor(
    readonly kernels: Kernels,
    readonly shapes: Shapes,
    readonly pictures: number,
    private readonly layers: Layers,
    private readonly places: Places,
  ) {}

  /** Throws RangeError, before anything runs, for a size that the kernels or the memory cannot serve. */
  static async create(config: Config, weights: Weights, pictures: number): Promise<CachedModel> {
    const shapes = shapesOf(config);
    const kernels = await instantiate();
    const arena = new Arena(kernels);
    const rows = Math.max(shapes.T, pictures * Math.ceil(Math.sqrt(shapes.T)));
    const layers = new Layers(kernels, arena, shapes, config, weights, rows);
    const places = takePlaces(arena, kernels, shapes, rows, pictures);
    arena.commit();
    layers.load();
    const { V, d } = shapes;
    kernels.packTransposed(V, d, layers.stage('lm_head.weight'), 4 * d, places.head, 32 * d);
    return new CachedModel(kernels, shapes, pictures, layers, places);
  }

  /**
   * Starts a picture anew: the first positions, which all pictures share, and their logits, a row each. inputs: the pixel
   * before each position, at first the row of wte that the picture begins with; none when nothing is shared.
   */
  prefill(inputs: ArrayLike<number>): void {
    const { kernels, places } = this;
    const { qkv, heads } = this.layers;
    const { T, H, hd } = this.shapes;
    this.prefix = inputs.length;
    this.pass(inputs, this.prefix, 0, (layer) => {
      kernels.prefill(this.prefix, T, H, hd, qkv, places.shared + layer, heads, places.work);
    });
  }

  /**
   * Takes up m positions from `first` on of the first B pictures and makes their logits, row b · m + i for the ith of
   * picture b. inputs [B·m] as above.
   */
  extend(inputs: ArrayLike<number>, B: number, first: number): void {
    const { kernels, places, prefix } = this;
    const { T, H, hd } = this.shapes;
    const { shared, caches, picture, work } = places;
    const { qkv, heads } = this.layers;
    const m = inputs.length / B;
    this.pass(inputs, m, first, (layer) => {
      kernels.extend(B, m, first, prefix, T, H, hd, qkv, shared + layer, caches + layer, picture, heads, work);
    });
  }

  /** The last pass's logits in a row, for reading at once. [V] */
  logits(row: number): Float32Array {
    return floatsAt(this.kernels, this.places.logits + 4 * this.shapes.Vp * row, this.shapes.V);
  }

  /** e^(logits / temperature) of a row of the last pass, up to a common factor, for reading at once. [V] */
  weights(row: number, temperature: number): Float32Array {
    const { kernels, places } = this;
    const { V, Vp } = this.shapes;
    kernels.drawingWeights(V, temperature, places.logits + 4 * Vp * row, places.weights);
    return floatsAt(kernels, places.weights, V);
  }

  /** Statistics of the colours chosen after the last pass, [B·m], at temperature 1. */
  statistics(chosen: ArrayLike<number>, m: number): Statistics {
    const { kernels, places } = this;
    const { V, Vp } = this.shapes;
    const rows = chosen.length;
    const top = Math.min(TOP_COLOURS, V);
    const record = 2 + 2 * top;
    kernels.statistics(rows, V, top, places.logits, places.weights, places.records);
    const floats = floatsAt(kernels, places.records, rows * record);
    const wholes = wholesAt(kernels, places.records, rows * record);
    const logits = floatsAt(kernels, places.logits, rows * Vp);
    const each = (read: (row: number) => number) => Float32Array.from({ length: rows }, (_, row) => read(row));
    const tops = <A>(read: (at: number) => A) =>
      Array.from({ length: rows * top }, (_, i) => read(Math.floor(i / top) * record + 2 + (i % top)));
    return {
      m,
      tokens: chosen,
      nll: each((row) => floats[row * record] - logits[row * Vp + chosen[row]]),
      entropy: each((row) => floats[row * record + 1]),
      topColours: tops((at) => wholes[at]),
      topProbabilities: tops((at) => floats[at + top]),
    };
  }

  /** Picture b becomes a copy of picture parents[b]. parents ascend, so that copies in place never lose one still wanted. */
  select(parents: number[]): void {
    const { caches, picture } = this.places;
    const memory = new Uint8Array(this.kernels.memory.buffer, caches, picture * this.pictures);
    const copy = (b: number) => memory.copyWithin(b * picture, parents[b] * picture, (parents[b] + 1) * picture);
    for (let b = 0; b < parents.length; b++) if (parents[b] > b) copy(b);
    for (let b = parents.length - 1; b >= 0; b--) if (parents[b] < b) copy(b);
  }

  /** Logits over rows of m positions each; `attend` makes heads of q k v, given where the layer's caches lie. */
  private pass(inputs: ArrayLike<number>, m: number, first: number, attend: (layer: number) => void): void {
    const { kernels, layers, places } = this;
    const { T, d, H, hd, Vp } = this.shapes;
    layers.pass(inputs, m, first, { attend: (i) => attend(i * H * kernels.headBytes(T, hd)) });
    const rows = inputs.length;
    kernels.matmul(rows, Vp, d, layers.normed, 4 * d, 4, places.head, 32 * d, 32, places.logits, 4 * Vp, 0, 0, 0, 0);
  }
}

type Places = ReturnType<typeof takePlaces>;

function takePlaces(arena: Arena, kernels: Kernels, { T, d, H, hd, Vp, L }: Shapes, rows: number, pictures: number) {
  const picture = L * H * kernels.headBytes(T, hd);
  return {
    head: arena.numbers(d * Vp),
    /** Bytes of one picture's cache, all layers and heads. */
    picture,
    caches: arena.take(picture * pictures),
    /** The cache of the positions that all pictures share. */
    shared: arena.take(picture),
    logits: arena.numbers(rows * Vp),
    work: arena.take(kernels.extendBytes(T)),
    /** One row of weights over the colours. */
    weights: arena.numbers(Vp),
    /** What `statistics` writes. */
    records: arena.numbers(rows * (2 + 2 * TOP_COLOURS)),
  };
}
