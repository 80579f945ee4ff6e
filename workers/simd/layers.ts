/**
 * The layers of a model for passes that learn nothing: weights packed once, and the room for one pass over so many rows.
 * What decoding and the features of probes share.
 */
import { type Config, parameterShapes, type Weights } from '../igpt/config.ts';
import { type Arena, floatsAt, roundUp, wholesAt } from './arena.ts';
import type { Kernels } from './kernels.ts';
import type { Shapes } from './shapes.ts';

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

/** What a pass leaves to the one who asks for it; layers count from 0. */
export interface Pass {
  /** Makes `heads` of `qkv`. */
  attend(layer: number): void;
  /** Reads `normed` while it holds the input of a layer's attention. */
  read?(layer: number): void;
}

export class Layers {
  /** A norm's output, [rows, d]; after a pass that of the last. */
  readonly normed: number;
  /** [rows, 3d] */
  readonly qkv: number;
  /** The heads' outputs side by side, [rows, d]. */
  readonly heads: number;
  /** Addresses of what is copied in as it is, by name. */
  private readonly vectors = new Map<string, number>();
  private readonly layers: Layer[];
  private readonly wte: number;
  private readonly wpe: number;
  private readonly lnF: number;
  /** A matrix on its way into panels. */
  private readonly staging: number;
  private readonly inputs: number;
  /** The residual stream, [rows, d]. */
  private readonly x: number;
  /** [rows, 4d] */
  private readonly hidden: number;

  /** Takes places; throws Error when a parameter is missing. */
  constructor(
    private readonly kernels: Kernels,
    private readonly arena: Arena,
    private readonly shapes: Shapes,
    config: Config,
    private readonly weights: Weights,
    rows: number,
  ) {
    const missing = parameterShapes(config).find(({ name, optional }) => !optional && !weights.has(name));
    if (missing) throw new Error(`The model has no ${missing.name}.`);
    const { d, V, L } = shapes;
    this.layers = Array.from({ length: L }, (_, i) => {
      const h = `transformer.h.${i}`;
      return {
        ln1: this.vector(`${h}.ln_1.weight`),
        attention: this.linear(`${h}.attn.c_attn`, d, 3 * d),
        projection: this.linear(`${h}.attn.c_proj`, d, d),
        ln2: this.vector(`${h}.ln_2.weight`),
        fc: this.linear(`${h}.mlp.c_fc`, d, 4 * d),
        mlp: this.linear(`${h}.mlp.c_proj`, 4 * d, d),
      };
    });
    this.wte = this.vector('transformer.wte.weight');
    this.wpe = this.vector('transformer.wpe.weight');
    this.lnF = this.vector('transformer.ln_f.weight');
    this.staging = arena.numbers(Math.max(4 * d * d, V * d));
    this.inputs = arena.numbers(rows);
    this.x = arena.numbers(rows * d);
    this.normed = arena.numbers(rows * d);
    this.qkv = arena.numbers(rows * 3 * d);
    this.heads = arena.numbers(rows * d);
    this.hidden = arena.numbers(rows * 4 * d);
  }

  /** Copies the weights in, matrices by way of `staging`, once the memory is made. */
  load(): void {
    const { kernels, weights } = this;
    for (const [name, at] of this.vectors) floatsAt(kernels, at, weights.get(name)!.length).set(weights.get(name)!);
    for (const { attention, projection, fc, mlp } of this.layers) {
      for (const { name, k, n, panels } of [attention, projection, fc, mlp]) {
        kernels.pack(k, n, this.stage(`${name}.weight`), 4 * n, panels, 32 * k);
      }
    }
  }

  /** The address that a matrix has been copied to, as it is in the file, until the next one. */
  stage(name: string): number {
    const values = this.weights.get(name)!;
    floatsAt(this.kernels, this.staging, values.length).set(values);
    return this.staging;
  }

  /**
   * All layers and the last norm, over rows of m positions each from `first` on. inputs: the row of wte at each.
   */
  pass(inputs: ArrayLike<number>, m: number, first: number, { attend, read }: Pass): void {
    const { kernels, x, normed, qkv, heads, hidden } = this;
    const { d, epsilon } = this.shapes;
    const rows = inputs.length;
    wholesAt(kernels, this.inputs, rows).set(inputs);
    kernels.embed(rows, m, first, d, this.inputs, this.wte, this.wpe, x);
    this.layers.forEach(({ ln1, attention, projection, ln2, fc, mlp }, i) => {
      kernels.norm(rows, d, x, ln1, normed, epsilon);
      read?.(i);
      this.multiply(rows, attention, normed, qkv);
      attend(i);
      this.multiply(rows, projection, heads, x, x);
      kernels.norm(rows, d, x, ln2, normed, epsilon);
      this.multiply(rows, fc, normed, hidden, 0, hidden);
      this.multiply(rows, mlp, hidden, x, x);
    });
    kernels.norm(rows, d, x, this.lnF, normed, epsilon);
  }

  /** y[rows, n] = x[rows, k] W + b, plus `add`; quick GELU of that in `gelu`, which may be y. */
  private multiply(rows: number, { k, n, panels, bias }: Linear, x: number, y: number, add = 0, gelu = 0): void {
    this.kernels.matmul(rows, n, k, x, 4 * k, 4, panels, 32 * k, 32, y, 4 * n, bias, 0, add, gelu);
  }

  private vector(name: string): number {
    const at = this.arena.numbers(this.weights.get(name)!.length);
    this.vectors.set(name, at);
    return at;
  }

  private linear(name: string, k: number, n: number): Linear {
    const biased = this.weights.get(`${name}.bias`)?.some((b) => b !== 0);
    const panels = this.arena.numbers(k * roundUp(n, 8));
    return { name, k, n, panels, bias: biased ? this.vector(`${name}.bias`) : 0 };
  }
}
