/**
 * Training with gradients written by hand over the SIMD kernels: igpt/trainer.ts on WebAssembly. A layer keeps only what
 * is dear to make again: its input, q k v, the attention's output and log-sum-exps, the stream between its halves and the
 * MLP before GELU: 10 d + H numbers a position. Norms, GELU and attention weights are made again on the way back; logits
 * exist a few rows at a time. One thread and fixed orders of summation: the same run gives the same bits.
 */
import { type Config, embeddingRows } from '../igpt/config.ts';
import type { Decoder } from '../igpt/decoder.ts';
import { type Features, featureInputs } from '../igpt/features.ts';
import { type Objective, partsOf, type Task } from '../igpt/objectives.ts';
import { ADAMW, type AdamW } from '../igpt/optimizer.ts';
import {
  blankState,
  type Measured,
  type StepMetrics,
  summed,
  type Trainer,
  type TrainerState,
} from '../igpt/trainer.ts';
import { Arena, floatsAt, roundUp, wholesAt } from './arena.ts';
import { ClassHead } from './class-head.ts';
import { SimdDecoder } from './decoder.ts';
import { instantiate, type Kernels } from './kernels.ts';
import { Parameters } from './parameters.ts';
import { type Shapes, shapesOf } from './shapes.ts';

/** Rows whose logits exist at once. */
const LOGIT_ROWS = 256;

/** Addresses of what a layer keeps for its gradient. */
interface Kept {
  /** [M, d] */
  input: number;
  /** [M, 3d] */
  qkv: number;
  /** [M, d], the heads' outputs side by side. */
  heads: number;
  /** [B, H, T] */
  lse: number;
  /** [M, d], after attention. */
  middle: number;
  /** [M, 4d], before GELU; the way back turns it into GELU's slope. */
  hidden: number;
}

export class SimdTrainer implements Trainer {
  /** Positions of a batch. */
  private readonly M: number;
  private readonly places: Places;
  /** What the pixels' surprise counts. */
  private readonly generative: number;
  /** Where the model has classes. */
  private readonly classHead: ClassHead | undefined;

  private constructor(
    private readonly kernels: Kernels,
    private readonly shapes: Shapes,
    private readonly parameters: Parameters,
    arena: Arena,
    private readonly config: Config,
    private readonly batch: number,
    private readonly adam: AdamW,
    generative: number,
    private steps: number,
  ) {
    this.M = batch * shapes.T;
    this.places = takePlaces(arena, kernels, shapes, batch);
    const { n_classes } = config;
    this.generative = n_classes ? generative : 1;
    if (n_classes) this.classHead = new ClassHead(kernels, parameters, arena, shapes, batch, n_classes);
  }

  /**
   * Throws RangeError, before anything runs, for a size that the kernels or the memory cannot serve.
   * @param generative what the pixels' surprise counts beside that of the classes, where the model has classes
   */
  static async create(
    config: Config,
    batch: number,
    adam: AdamW,
    state: TrainerState,
    generative = 1,
  ): Promise<SimdTrainer> {
    const { arena, parameters, trainer } = await SimdTrainer.lay(config, batch, adam, state, generative);
    arena.commit();
    parameters.load(state);
    return trainer;
  }

  /** Bytes that a trainer of this size would take. Throws RangeError for a size that the kernels cannot serve. */
  static async bytesFor(config: Config, batch: number): Promise<number> {
    const { arena } = await SimdTrainer.lay(config, batch, ADAMW, blankState(config), 1);
    return arena.bytes;
  }

  /** Everything has its place, and nothing is there yet. */
  private static async lay(config: Config, batch: number, adam: AdamW, state: TrainerState, generative: number) {
    const shapes = shapesOf(config);
    if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`A batch of ${batch} pictures cannot be.`);
    const kernels = await instantiate();
    const arena = new Arena(kernels);
    const parameters = new Parameters(kernels, arena, config, state);
    const { step } = state;
    const trainer = new SimdTrainer(kernels, shapes, parameters, arena, config, batch, adam, generative, step);
    return { arena, parameters, trainer };
  }

  /** Bytes of memory, parameters and all. */
  get bytes(): number {
    return this.kernels.memory.buffer.byteLength;
  }

  async step(task: Task, rate: number): Promise<StepMetrics> {
    const parts = partsOf(task, this.batch, this.config);
    this.steps++;
    this.parameters.clearGradients();
    const measured = parts.map((part) => {
      this.take(part);
      this.forward(part.causal);
      const one = this.heads(part, true);
      this.backward(part.causal);
      return one;
    });
    const gradientNorm = this.parameters.gradientNorm();
    this.parameters.update(gradientNorm, this.adam, rate, this.steps);
    return { ...summed(measured), gradientNorm };
  }

  async measure(task: Task): Promise<Measured> {
    const measured = partsOf(task, this.batch, this.config).map((part) => {
      this.take(part);
      this.forward(part.causal);
      return this.heads(part, false);
    });
    return summed(measured);
  }

  async state(): Promise<TrainerState> {
    return { step: this.steps, ...this.parameters.read() };
  }

  /** From forward passes of the trainer's own, in the memory of a step. */
  async features(objective: Objective): Promise<Features> {
    const { T, d, L } = this.shapes;
    const of = async (tokens: Int16Array) => this.pooled(objective, tokens);
    return { batch: this.batch, layers: L + 1, width: d, pixels: T, of, dispose: () => {} };
  }

  /** The weights are packed anew for each picture. */
  async decoder(pictures: number): Promise<Decoder> {
    const { config } = this;
    const weights = () => this.parameters.read().weights;
    return {
      variants: pictures,
      decode: async function* (...args) {
        const decoder = await SimdDecoder.create(config, weights(), pictures);
        return yield* decoder.decode(...args);
      },
      dispose: () => {},
    };
  }

  /** The memory goes with the last reference to the trainer. */
  dispose(): void {}

  /** Copies a task in. Throws RangeError for colours that are none: its numbers become addresses. */
  private take({ inputs, targets, weights }: Task): void {
    const { M } = this;
    const { V } = this.shapes;
    const rows = embeddingRows(this.config);
    const wrong = inputs.find((x) => x >= rows) ?? targets.find((x) => x < 0 || x >= V);
    if (wrong !== undefined) throw new RangeError(`Colour ${wrong} is not one of ${V}.`);
    wholesAt(this.kernels, this.places.inputs, M).set(inputs);
    wholesAt(this.kernels, this.places.targets, M).set(targets);
    floatsAt(this.kernels, this.places.weights, M).set(weights);
  }

  /** Means over positions of what each layer's attention reads, and last the head: [L + 1, B, d]. */
  private pooled(objective: Objective, tokens: Int16Array): Float32Array {
    const { kernels, places, M } = this;
    const { T, d, L } = this.shapes;
    const { inputs, normed, stream, layers, output } = places;
    const read = featureInputs(objective, tokens, this.config, this.batch);
    const B = read.length / T;
    // A batch is always whole: what is behind these pictures is not read.
    const own = wholesAt(kernels, inputs, M).fill(0);
    own.set(read);
    this.forward(objective === 'autoregressive');
    const means = new Float32Array((L + 1) * B * d);
    for (let l = 0; l <= L; l++) {
      if (l < L) this.norm(`transformer.h.${l}.ln_1`, layers[l].input);
      else this.norm('transformer.ln_f', output);
      const sums = floatsAt(kernels, stream, B * d).fill(0); // free between steps
      for (let b = 0; b < B; b++) kernels.columnSums(T, d, normed + 4 * d * T * b, stream + 4 * d * b);
      means.set(
        sums.map((sum) => sum / T),
        l * B * d,
      );
    }
    return means;
  }

  private forward(causal: boolean): void {
    const { kernels, parameters: p, places, M } = this;
    const { T, d, H, hd, L } = this.shapes;
    const { inputs, normed, gelu, work, layers, output } = places;
    kernels.embed(
      M,
      T,
      0,
      d,
      inputs,
      p.weight('transformer.wte.weight'),
      p.weight('transformer.wpe.weight'),
      layers[0]?.input ?? output,
    );
    layers.forEach(({ input, qkv, heads, lse, middle, hidden }, i) => {
      const name = `transformer.h.${i}`;
      const next = i + 1 < L ? layers[i + 1].input : output;
      this.norm(`${name}.ln_1`, input);
      this.linear(`${name}.attn.c_attn`, normed, d, 3 * d, qkv);
      kernels.attention(M / T, T, H, hd, causal ? 1 : 0, qkv, heads, lse, work);
      this.linear(`${name}.attn.c_proj`, heads, d, d, middle, { add: input });
      this.norm(`${name}.ln_2`, middle);
      this.linear(`${name}.mlp.c_fc`, normed, d, 4 * d, hidden, { gelu });
      this.linear(`${name}.mlp.c_proj`, gelu, 4 * d, d, next, { add: middle });
    });
    this.norm('transformer.ln_f', output);
  }

  /**
   * What the heads make of the last norm's output. To learn, also their gradients, and that of the stream before the last
   * norm in `stream`.
   */
  private heads({ labels }: Task, learn: boolean): Measured {
    const { classHead } = this;
    const { normed, stream, output } = this.places;
    const classes = classHead && labels && classHead.measure(normed, labels);
    const loss = this.surprise(learn);
    if (learn) {
      classHead?.backward(normed);
      floatsAt(this.kernels, stream, this.M * this.shapes.d).fill(0);
      this.normGradient('transformer.ln_f', output, normed);
    }
    return classes ? { loss, classes } : { loss };
  }

  /** The pixels' loss. To learn, also their head's gradient, and that of its input in its place. */
  private surprise(learn: boolean): number {
    const { kernels, parameters: p, places, M } = this;
    const { d, V, Vp } = this.shapes;
    const { normed, logits, panels, headPanels, work } = places;
    const head = p.weight('lm_head.weight'); // [V, d]
    kernels.packTransposed(V, d, head, 4 * d, panels, 32 * d);
    if (learn) kernels.pack(V, d, head, 4 * d, headPanels, 32 * V);
    let loss = 0;
    for (let from = 0; from < M; from += LOGIT_ROWS) {
      const rows = Math.min(LOGIT_ROWS, M - from);
      const x = normed + 4 * d * from;
      kernels.matmul(rows, Vp, d, x, 4 * d, 4, panels, 32 * d, 32, logits, 4 * Vp, 0, 0, 0, 0);
      loss += kernels.crossEntropy(rows, V, logits, places.targets + 4 * from, places.weights + 4 * from);
      if (!learn) continue;
      if (this.generative !== 1) this.weigh(rows);
      kernels.outer(rows, V, d, logits, 4 * Vp, x, 4 * d, p.gradient('lm_head.weight'), work);
      // The rows of `normed` have served, and take their own gradient.
      kernels.matmul(rows, d, V, logits, 4 * Vp, 4, headPanels, 32 * V, 32, x, 4 * d, 0, 0, 0, 0);
    }
    return loss;
  }

  /** Makes the gradient in `logits` count what the pixels count. */
  private weigh(rows: number): void {
    const gradient = floatsAt(this.kernels, this.places.logits, rows * this.shapes.Vp);
    for (let i = 0; i < gradient.length; i++) gradient[i] *= this.generative;
  }

  /** Every gradient but the head's and the last norm's. `stream` holds that of the current layer's output throughout. */
  private backward(causal: boolean): void {
    const { kernels, parameters: p, places, M } = this;
    const { T, d, H, hd, L } = this.shapes;
    const { inputs, normed, gelu, qkvGradient, stream, work, layers } = places;
    for (let i = L - 1; i >= 0; i--) {
      const { input, qkv, heads, lse, middle, hidden } = layers[i];
      const name = `transformer.h.${i}`;
      kernels.geluGradient(M * 4 * d, hidden, gelu);
      this.weightGradient(`${name}.mlp.c_proj`, gelu, 4 * d, stream, d);
      this.inputGradient(`${name}.mlp.c_proj`, stream, 4 * d, d, gelu, hidden);
      this.norm(`${name}.ln_2`, middle);
      this.weightGradient(`${name}.mlp.c_fc`, normed, d, gelu, 4 * d);
      this.inputGradient(`${name}.mlp.c_fc`, gelu, d, 4 * d, normed);
      this.normGradient(`${name}.ln_2`, middle, normed);

      this.weightGradient(`${name}.attn.c_proj`, heads, d, stream, d);
      this.inputGradient(`${name}.attn.c_proj`, stream, d, d, normed);
      kernels.attentionGradient(M / T, T, H, hd, causal ? 1 : 0, qkv, heads, lse, normed, qkvGradient, work);
      this.norm(`${name}.ln_1`, input);
      this.weightGradient(`${name}.attn.c_attn`, normed, d, qkvGradient, 3 * d);
      this.inputGradient(`${name}.attn.c_attn`, qkvGradient, d, 3 * d, normed);
      this.normGradient(`${name}.ln_1`, input, normed);
    }
    const [wte, wpe] = ['transformer.wte.weight', 'transformer.wpe.weight'].map((name) => p.gradient(name));
    kernels.embedGradient(M, T, d, inputs, stream, wte, wpe);
  }

  /** `normed` = the norm of x. */
  private norm(name: string, x: number): void {
    const { d, epsilon } = this.shapes;
    this.kernels.norm(this.M, d, x, this.parameters.weight(`${name}.weight`), this.places.normed, epsilon);
  }

  /** Adds to `stream` what comes back through a norm of x from dy, and the gain's gradient to its own. */
  private normGradient(name: string, x: number, dy: number): void {
    const { d, epsilon } = this.shapes;
    const { parameters: p } = this;
    const [gain, dgain] = [p.weight(`${name}.weight`), p.gradient(`${name}.weight`)];
    this.kernels.normGradient(this.M, d, x, gain, dy, this.places.stream, dgain, epsilon);
  }

  /** y[M, n] = x[M, k] W + b, plus `add`; `gelu` gets the quick GELU of y beside it. */
  private linear(name: string, x: number, k: number, n: number, y: number, { add = 0, gelu = 0 } = {}): void {
    const { kernels, parameters: p, M } = this;
    const { panels } = this.places;
    const bias = p.weight(`${name}.bias`);
    kernels.pack(k, n, p.weight(`${name}.weight`), 4 * n, panels, 32 * k);
    kernels.matmul(M, n, k, x, 4 * k, 4, panels, 32 * k, 32, y, 4 * n, bias, 0, add, gelu);
  }

  /** dx[M, k] = dy[M, n] Wᵀ, times `slope` where there is one. */
  private inputGradient(name: string, dy: number, k: number, n: number, dx: number, slope = 0): void {
    const { kernels, M } = this;
    const { panels } = this.places;
    kernels.packTransposed(k, n, this.parameters.weight(`${name}.weight`), 4 * n, panels, 32 * n);
    kernels.matmul(M, k, n, dy, 4 * n, 4, panels, 32 * n, 32, dx, 4 * k, 0, slope, 0, 0);
  }

  /** dW[k, n] += x[M, k]ᵀ dy[M, n], and db += the sum of dy's rows. */
  private weightGradient(name: string, x: number, k: number, dy: number, n: number): void {
    const { kernels, parameters: p, M } = this;
    kernels.outer(M, k, n, x, 4 * k, dy, 4 * n, p.gradient(`${name}.weight`), this.places.work);
    const bias = p.gradient(`${name}.bias`);
    if (bias) kernels.columnSums(M, n, dy, bias);
  }
}

type Places = ReturnType<typeof takePlaces>;

function takePlaces(arena: Arena, kernels: Kernels, { T, d, H, hd, V, Vp, L }: Shapes, batch: number) {
  const M = batch * T;
  const layer = (): Kept => ({
    input: arena.numbers(M * d),
    qkv: arena.numbers(M * 3 * d),
    heads: arena.numbers(M * d),
    lse: arena.numbers(M * H),
    middle: arena.numbers(M * d),
    hidden: arena.numbers(M * 4 * d),
  });
  const d8 = roundUp(d, 8);
  return {
    inputs: arena.numbers(M),
    targets: arena.numbers(M),
    weights: arena.numbers(M),
    layers: Array.from({ length: L }, layer),
    /** The last layer's output, [M, d]. */
    output: arena.numbers(M * d),
    /** A norm's output, or the gradient of one, [M, d]. */
    normed: arena.numbers(M * d),
    /** The MLP after GELU, or the gradient before it, [M, 4d]. */
    gelu: arena.numbers(M * 4 * d),
    /** [M, 3d] */
    qkvGradient: arena.numbers(M * 3 * d),
    /** Gradient of the residual stream, [M, d]. */
    stream: arena.numbers(M * d),
    logits: arena.numbers(Math.min(LOGIT_ROWS, M) * Vp),
    /** The matrix in use, either way round. */
    panels: arena.numbers(Math.max(4 * d * d8, d * roundUp(4 * d, 8), d * Vp)),
    headPanels: arena.numbers(V * d8),
    work: arena.take(
      Math.max(
        kernels.attentionBytes(T, hd),
        kernels.attentionGradientBytes(T, hd),
        kernels.outerBytes(d, 4 * d),
        kernels.outerBytes(V, d),
      ),
    ),
  };
}
