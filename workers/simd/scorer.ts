/** Surprise of every pixel on SIMD kernels: a forward pass, then head and cross-entropy a few rows at a time. */
import type { Config, Weights } from '../igpt/config.ts';
import { featureInputs } from '../igpt/features.ts';
import type { Scorer } from '../igpt/scorer.ts';
import { Arena, floatsAt, wholesAt } from './arena.ts';
import { instantiate, type Kernels } from './kernels.ts';
import { Layers } from './layers.ts';
import { type Shapes, shapesOf } from './shapes.ts';

/** Rows whose logits exist at once. */
const LOGIT_ROWS = 64;

export class SimdScorer implements Scorer {
  readonly pixels: number;

  private constructor(
    private readonly kernels: Kernels,
    private readonly shapes: Shapes,
    private readonly config: Config,
    readonly batch: number,
    private readonly stack: Layers,
    private readonly places: Places,
  ) {
    this.pixels = shapes.T;
  }

  /** Throws RangeError, before anything runs, for a size that the kernels or the memory cannot serve. */
  static async create(config: Config, weights: Weights, batch: number): Promise<SimdScorer> {
    const shapes = shapesOf(config);
    if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`A batch of ${batch} pictures cannot be.`);
    const kernels = await instantiate();
    const arena = new Arena(kernels);
    const stack = new Layers(kernels, arena, shapes, config, weights, batch * shapes.T);
    const places = takePlaces(arena, kernels, shapes, batch);
    arena.commit();
    stack.load();
    const { V, d } = shapes;
    kernels.packTransposed(V, d, stack.stage('lm_head.weight'), 4 * d, places.head, 32 * d);
    return new SimdScorer(kernels, shapes, config, batch, stack, places);
  }

  async of(tokens: Int16Array, starts?: ArrayLike<number>): Promise<Float32Array> {
    const { kernels, stack, places } = this;
    const { T, d, H, hd, V, Vp } = this.shapes;
    const inputs = featureInputs('autoregressive', tokens, this.config, this.batch, starts);
    const rows = inputs.length;
    const attend = () => kernels.attention(rows / T, T, H, hd, 1, stack.qkv, stack.heads, places.lse, places.work);
    stack.pass(inputs, T, 0, { attend });
    wholesAt(kernels, places.targets, rows).set(tokens);
    for (let from = 0; from < rows; from += LOGIT_ROWS) {
      const some = Math.min(LOGIT_ROWS, rows - from);
      const x = stack.normed + 4 * d * from;
      kernels.matmul(some, Vp, d, x, 4 * d, 4, places.head, 32 * d, 32, places.logits, 4 * Vp, 0, 0, 0, 0);
      kernels.surprises(some, V, places.logits, places.targets + 4 * from, places.nats + 4 * from);
    }
    return floatsAt(kernels, places.nats, rows).slice();
  }

  /** The memory goes with the last reference. */
  dispose(): void {}
}

type Places = ReturnType<typeof takePlaces>;

function takePlaces(arena: Arena, kernels: Kernels, { T, d, H, hd, Vp }: Shapes, batch: number) {
  return {
    head: arena.numbers(d * Vp),
    logits: arena.numbers(LOGIT_ROWS * Vp),
    /** [B, T] */
    targets: arena.numbers(batch * T),
    /** [B, T] */
    nats: arena.numbers(batch * T),
    /** [B, H, T]; attention leaves it for a way back that is not gone. */
    lse: arena.numbers(batch * H * T),
    work: arena.take(kernels.attentionBytes(T, hd)),
  };
}
