/**
 * The model for decoding on SIMD kernels: weights packed once, a static key-value cache for B pictures and one for what
 * they share, and room for one pass. What the reference's `extend` is to tfjs.
 */
import { TOP_COLOURS } from '../contract.ts';
import { type Config, parameterShapes, type Weights } from '../igpt/config.ts';
import type { Statistics } from '../igpt/ledger.ts';
import { Arena, floatsAt, roundUp, wholesAt } from './arena.ts';
import { instantiate, type Kernels } from './kernels.ts';
import { type Shapes, shapesOf } from './shapes.ts';

/** A linear layer: its matrix in panels and its bias, or 0. */
interface Linear {
  name: string;
  k: number;
  n: number;
  panels: number;
  bias: number;
}

interface Layer {
  ln1: number;
  attention: Linear;
  projection: Linear;
  ln2: number;
  fc: Linear;
  mlp: Linear;
}

export class CachedModel {
  /** Positions that all pictures share. */
  private prefix = 0;

  private constructor(
    readonly kernels: Kernels,
    readonly shapes: Shapes,
    readonly pictures: number,
    private readonly places: Places,
  ) {}

  /** Throws RangeError, before anything runs, for a size that the kernels or the memory cannot serve. */
  static async create(config: Config, weights: Weights, pictures: number): Promise<CachedModel> {
    const shapes = shapesOf(config);
    const missing = parameterShapes(config).find(({ name, optional }) => !optional && !weights.has(name));
    if (missing) throw new Error(`The model has no ${missing.name}.`);
    const kernels = await instantiate();
    const arena = new Arena(kernels);
    const places = takePlaces(arena, kernels, shapes, weights, pictures);
    arena.commit();
    const model = new CachedModel(kernels, shapes, pictures, places);
    model.load(weights);
    return model;
  }

  /**
   * Starts a picture anew: the first positions, which all pictures share, and their logits, a row each. inputs: the pixel
   * before each position, V for the start symbol; none when nothing is shared.
   */
  prefill(inputs: ArrayLike<number>): void {
    const { kernels, places } = this;
    const { T, H, hd } = this.shapes;
    this.prefix = inputs.length;
    this.pass(inputs, this.prefix, 0, (layer) => {
      kernels.prefill(this.prefix, T, H, hd, places.qkv, places.shared + layer, places.heads, places.work);
    });
  }

  /**
   * Takes up m positions from `first` on of the first B pictures and makes their logits, row b · m + i for the ith of
   * picture b. inputs [B·m] as above.
   */
  extend(inputs: ArrayLike<number>, B: number, first: number): void {
    const { kernels, places, prefix } = this;
    const { T, H, hd } = this.shapes;
    const { qkv, shared, caches, picture, heads, work } = places;
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

  /** All layers over rows of m positions each; `attend` makes `heads` of `qkv`, given where the layer's caches lie. */
  private pass(inputs: ArrayLike<number>, m: number, first: number, attend: (layer: number) => void): void {
    const { kernels, places } = this;
    const { T, d, H, hd, Vp, epsilon } = this.shapes;
    const { x, normed, qkv, heads, hidden, logits } = places;
    const rows = inputs.length;
    wholesAt(kernels, places.inputs, rows).set(inputs);
    kernels.embed(rows, m, first, d, places.inputs, places.wte, places.wpe, x);
    places.layers.forEach(({ ln1, attention, projection, ln2, fc, mlp }, i) => {
      kernels.norm(rows, d, x, ln1, normed, epsilon);
      this.linear(rows, attention, normed, qkv);
      attend(i * H * kernels.headBytes(T, hd));
      this.linear(rows, projection, heads, x, x);
      kernels.norm(rows, d, x, ln2, normed, epsilon);
      this.linear(rows, fc, normed, hidden, 0, hidden);
      this.linear(rows, mlp, hidden, x, x);
    });
    kernels.norm(rows, d, x, places.lnF, normed, epsilon);
    kernels.matmul(rows, Vp, d, normed, 4 * d, 4, places.head, 32 * d, 32, logits, 4 * Vp, 0, 0, 0, 0);
  }

  /** y[rows, n] = x[rows, k] W + b, plus `add`; quick GELU of that in `gelu`, which may be y. */
  private linear(rows: number, { k, n, panels, bias }: Linear, x: number, y: number, add = 0, gelu = 0): void {
    this.kernels.matmul(rows, n, k, x, 4 * k, 4, panels, 32 * k, 32, y, 4 * n, bias, 0, add, gelu);
  }

  /** Copies the weights in, matrices by way of the room for one pass. */
  private load(weights: Weights): void {
    const { kernels, places } = this;
    const { d, V } = this.shapes;
    for (const [name, at] of places.vectors) floatsAt(kernels, at, weights.get(name)!.length).set(weights.get(name)!);
    const stage = (name: string) =>
      floatsAt(kernels, places.staging, weights.get(name)!.length).set(weights.get(name)!);
    for (const { attention, projection, fc, mlp } of places.layers) {
      for (const { name, k, n, panels } of [attention, projection, fc, mlp]) {
        stage(`${name}.weight`);
        kernels.pack(k, n, places.staging, 4 * n, panels, 32 * k);
      }
    }
    stage('lm_head.weight');
    kernels.packTransposed(V, d, places.staging, 4 * d, places.head, 32 * d);
  }
}

type Places = ReturnType<typeof takePlaces>;

function takePlaces(arena: Arena, kernels: Kernels, shapes: Shapes, weights: Weights, pictures: number) {
  const { T, d, H, hd, V, Vp, L } = shapes;
  const rows = Math.max(T, pictures * Math.ceil(Math.sqrt(T)));
  /** Addresses of what is copied in as it is, by name. */
  const vectors = new Map<string, number>();
  const vector = (name: string): number => {
    vectors.set(name, arena.numbers(weights.get(name)!.length));
    return vectors.get(name)!;
  };
  const linear = (name: string, k: number, n: number): Linear => {
    const biased = weights.get(`${name}.bias`)?.some((b) => b !== 0);
    const panels = arena.numbers(k * roundUp(n, 8));
    return { name, k, n, panels, bias: biased ? vector(`${name}.bias`) : 0 };
  };
  const layers = Array.from({ length: L }, (_, i): Layer => {
    const h = `transformer.h.${i}`;
    return {
      ln1: vector(`${h}.ln_1.weight`),
      attention: linear(`${h}.attn.c_attn`, d, 3 * d),
      projection: linear(`${h}.attn.c_proj`, d, d),
      ln2: vector(`${h}.ln_2.weight`),
      fc: linear(`${h}.mlp.c_fc`, d, 4 * d),
      mlp: linear(`${h}.mlp.c_proj`, 4 * d, d),
    };
  });
  const picture = L * H * kernels.headBytes(T, hd);
  return {
    vectors,
    layers,
    wte: vector('transformer.wte.weight'),
    wpe: vector('transformer.wpe.weight'),
    lnF: vector('transformer.ln_f.weight'),
    head: arena.numbers(d * Vp),
    /** A matrix on its way into panels. */
    staging: arena.numbers(Math.max(4 * d * d, V * d)),
    /** Bytes of one picture's cache, all layers and heads. */
    picture,
    caches: arena.take(picture * pictures),
    /** The cache of the positions that all pictures share. */
    shared: arena.take(picture),
    inputs: arena.numbers(rows),
    /** The residual stream, [rows, d]. */
    x: arena.numbers(rows * d),
    normed: arena.numbers(rows * d),
    qkv: arena.numbers(rows * 3 * d),
    heads: arena.numbers(rows * d),
    hidden: arena.numbers(rows * 4 * d),
    logits: arena.numbers(rows * Vp),
    work: arena.take(kernels.extendBytes(T)),
    /** One row of weights over the colours. */
    weights: arena.numbers(Vp),
    /** What `statistics` writes. */
    records: arena.numbers(rows * (2 + 2 * TOP_COLOURS)),
  };
}
