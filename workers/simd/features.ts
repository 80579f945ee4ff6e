/** Features of linear probes on SIMD kernels: a pass without head, whose norms' outputs are summed where they lie. */
import type { Config, Weights } from '../igpt/config.ts';
import { type Features, featureInputs } from '../igpt/features.ts';
import type { Objective } from '../igpt/objectives.ts';
import { Arena, floatsAt } from './arena.ts';
import { instantiate, type Kernels } from './kernels.ts';
import { Layers } from './layers.ts';
import { type Shapes, shapesOf } from './shapes.ts';

export class SimdFeatures implements Features {
  readonly layers: number;
  readonly width: number;
  readonly pixels: number;

  private constructor(
    private readonly kernels: Kernels,
    private readonly shapes: Shapes,
    private readonly config: Config,
    readonly batch: number,
    private readonly objective: Objective,
    private readonly stack: Layers,
    private readonly places: Places,
  ) {
    this.layers = shapes.L + 1;
    this.width = shapes.d;
    this.pixels = shapes.T;
  }

  /** Throws RangeError, before anything runs, for a size that the kernels or the memory cannot serve. */
  static async create(config: Config, weights: Weights, batch: number, objective: Objective): Promise<SimdFeatures> {
    const shapes = shapesOf(config);
    if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`A batch of ${batch} pictures cannot be.`);
    const kernels = await instantiate();
    const arena = new Arena(kernels);
    const stack = new Layers(kernels, arena, shapes, config, weights, batch * shapes.T);
    const places = takePlaces(arena, kernels, shapes, batch);
    arena.commit();
    stack.load();
    return new SimdFeatures(kernels, shapes, config, batch, objective, stack, places);
  }

  async of(tokens: Int16Array): Promise<Float32Array> {
    const { kernels, stack, places } = this;
    const { T, d, H, hd, L } = this.shapes;
    const inputs = featureInputs(this.objective, tokens, this.config, this.batch);
    const B = inputs.length / T;
    const causal = this.objective === 'autoregressive' ? 1 : 0;
    const sums = floatsAt(kernels, places.sums, (L + 1) * B * d).fill(0);
    const read = (layer: number) => {
      for (let b = 0; b < B; b++) {
        kernels.columnSums(T, d, stack.normed + 4 * d * T * b, places.sums + 4 * d * (layer * B + b));
      }
    };
    const attend = () => kernels.attention(B, T, H, hd, causal, stack.qkv, stack.heads, places.lse, places.work);
    stack.pass(inputs, T, 0, { attend, read });
    read(L);
    return sums.map((sum) => sum / T);
  }

  /** The memory goes with the last reference. */
  dispose(): void {}
}

type Places = ReturnType<typeof takePlaces>;

function takePlaces(arena: Arena, kernels: Kernels, { T, d, H, hd, L }: Shapes, batch: number) {
  return {
    /** [L + 1, B, d] */
    sums: arena.numbers((L + 1) * batch * d),
    /** [B, H, T]; attention leaves it for a way back that is not gone. */
    lse: arena.numbers(batch * H * T),
    work: arena.take(kernels.attentionBytes(T, hd)),
  };
}
