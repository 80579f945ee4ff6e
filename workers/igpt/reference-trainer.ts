/**
 * Training in plain tfjs ops and tfjs's own gradients: the truth that every faster trainer is held against, and the
 * baseline that the bench compares with. Any tfjs backend; slow, and greedy for memory.
 */
// Registers tfjs's gradients: package.json says whence, in Node and elsewhere.
import '#tfjs-gradients';
import * as tf from '@tensorflow/tfjs-core';
import { type Config, parameterShapes, type Weights } from './config.ts';
import type { Decoder } from './decoder.ts';
import type { Features } from './features.ts';
import { type Labels, type Objective, partsOf, type Task } from './objectives.ts';
import { type AdamW, decays } from './optimizer.ts';
import { ImageGPT } from './reference.ts';
import { ReferenceDecoder } from './reference-decoder.ts';
import { ReferenceFeatures } from './reference-features.ts';
import { type Measured, type StepMetrics, summed, type Trainer, type TrainerState } from './trainer.ts';

interface Slot {
  name: string;
  shape: number[];
  mean: tf.Tensor;
  square: tf.Tensor;
}

/** Scalars: what Measured has as numbers. */
type Losses = { loss: tf.Scalar; classes?: { loss: tf.Scalar; accuracy: tf.Scalar } };

export class ReferenceTrainer implements Trainer {
  private readonly model: ImageGPT;
  private readonly slots: Slot[];
  private steps: number;

  /** @param generative what the pixels' surprise counts beside that of the classes, where the model has classes */
  constructor(
    private readonly config: Config,
    private readonly batch: number,
    private readonly adam: AdamW,
    { step, weights, mean, square }: TrainerState,
    private readonly generative = 1,
  ) {
    this.model = new ImageGPT(config, weights);
    this.steps = step;
    this.slots = parameterShapes(config)
      .filter(({ name }) => this.model.parameters.has(name))
      .map(({ name, shape }) => ({
        name,
        shape,
        mean: laid(name, tf.tensor(mean.get(name)!, shape)),
        square: laid(name, tf.tensor(square.get(name)!, shape)),
      }));
  }

  async step(task: Task, rate: number): Promise<StepMetrics> {
    this.steps++;
    const { losses, norm } = tf.tidy(() => {
      const parameters = this.slots.map(({ name }) => this.model.parameters.get(name)!);
      const measured: Losses[] = [];
      const parts = partsOf(task, this.batch, this.config).map((part) =>
        tf.valueAndGrads(() => {
          const losses = this.losses(part);
          measured.push(kept(losses));
          return this.whole(losses);
        })(parameters),
      );
      const grads = parameters.map((_, i) => tf.addN(parts.map((part) => part.grads[i])));
      const squares = grads.map((g) => tf.sum(tf.square(g)));
      const norm = tf.sqrt(tf.addN(squares));
      const scale = tf.minimum(1, tf.div(this.adam.clip, norm)) as tf.Scalar;
      this.slots.forEach((slot, i) => {
        this.update(slot, tf.mul(grads[i], scale), rate);
      });
      return { losses: measured, norm };
    });
    const gradientNorm = (await norm.data())[0];
    norm.dispose();
    return { ...(await read(losses)), gradientNorm };
  }

  async measure(task: Task): Promise<Measured> {
    return read(partsOf(task, this.batch, this.config).map((part) => tf.tidy(() => this.losses(part))));
  }

  async state(): Promise<TrainerState> {
    const weights: Weights = new Map();
    const mean: Weights = new Map();
    const square: Weights = new Map();
    const read = async (name: string, t: tf.Tensor) => {
      const whole = name === 'lm_head.weight' ? tf.transpose(t) : t;
      const values = Float32Array.from(await whole.data());
      if (whole !== t) whole.dispose();
      return values;
    };
    for (const slot of this.slots) {
      weights.set(slot.name, await read(slot.name, this.model.parameters.get(slot.name)!));
      mean.set(slot.name, await read(slot.name, slot.mean));
      square.set(slot.name, await read(slot.name, slot.square));
    }
    return { step: this.steps, weights, mean, square };
  }

  async features(objective: Objective): Promise<Features> {
    return new ReferenceFeatures(this.model, this.batch, objective);
  }

  async decoder(pictures: number): Promise<Decoder> {
    return new ReferenceDecoder(this.model, pictures);
  }

  /** Of its tensors; what a step keeps for its gradients comes and goes. */
  get bytes(): number {
    return this.slots.reduce((sum, { mean }) => sum + 3 * 4 * mean.size, 0);
  }

  dispose(): void {
    this.model.dispose();
    for (const { mean, square } of this.slots) tf.dispose([mean, square]);
  }

  /** What is to become small. */
  private whole({ loss, classes }: Losses): tf.Scalar {
    return classes ? tf.add(tf.mul(loss, this.generative), classes.loss) : loss;
  }

  private losses({ causal, inputs, targets, weights, labels }: Task): Losses {
    const { n_positions: T, n_colours: V } = this.config;
    const { logits, classes } = this.model.predict(tf.tensor2d(inputs, [this.batch, T], 'int32'), causal);
    const loss = surprise(tf.reshape(logits, [this.batch * T, V]), targets, weights);
    return classes && labels ? { loss, classes: told(classes, labels) } : { loss };
  }

  private update(slot: Slot, gradient: tf.Tensor, rate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.adam;
    const mean = tf.add(tf.mul(slot.mean, beta1), tf.mul(gradient, 1 - beta1));
    const square = tf.add(tf.mul(slot.square, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const weight = this.model.parameters.get(slot.name)!;
    const kept = decays(slot.name) ? tf.mul(weight, 1 - rate * weightDecay) : weight;
    const unbiased = tf.div(mean, 1 - beta1 ** this.steps);
    const deviation = tf.sqrt(tf.div(square, 1 - beta2 ** this.steps));
    const next = tf.sub(kept, tf.mul(rate, tf.div(unbiased, tf.add(deviation, epsilon))));
    tf.dispose([slot.mean, slot.square, weight]);
    slot.mean = tf.keep(mean);
    slot.square = tf.keep(square);
    this.model.parameters.set(slot.name, tf.keep(next));
  }
}

/** Weighted surprise at the targets [n], a scalar; logits [n, V]. */
function surprise(logits: tf.Tensor2D, targets: Int32Array, weights: Float32Array): tf.Scalar {
  const chosen = tf.cast(tf.oneHot(tf.tensor1d(targets, 'int32'), logits.shape[1]), 'float32');
  const wanted = tf.mul(chosen, tf.tensor2d(weights, [weights.length, 1]));
  return tf.neg(tf.sum(tf.mul(wanted, tf.logSoftmax(logits))));
}

function told(logits: tf.Tensor2D, { classes, weights }: Labels): { loss: tf.Scalar; accuracy: tf.Scalar } {
  const right = tf.cast(tf.equal(tf.argMax(logits, 1), tf.tensor1d(classes, 'int32')), 'float32');
  return { loss: surprise(logits, classes, weights), accuracy: tf.sum(tf.mul(right, tf.tensor1d(weights))) };
}

/** Copies that outlive the tidy that they are made in. */
function kept({ loss, classes }: Losses): Losses {
  const copy = (t: tf.Scalar): tf.Scalar => tf.keep(tf.clone(t));
  return classes
    ? { loss: copy(loss), classes: { loss: copy(classes.loss), accuracy: copy(classes.accuracy) } }
    : { loss: copy(loss) };
}

/** Reads the losses of a batch's parts, and disposes them. */
async function read(parts: Losses[]): Promise<Measured> {
  const number = async (t: tf.Scalar) => {
    const [value] = await t.data();
    t.dispose();
    return value;
  };
  const measured: Measured[] = [];
  for (const { loss, classes } of parts) {
    const one: Measured = { loss: await number(loss) };
    if (classes) one.classes = { loss: await number(classes.loss), accuracy: await number(classes.accuracy) };
    measured.push(one);
  }
  return summed(measured);
}

/** The model keeps its head the other way round. */
function laid(name: string, t: tf.Tensor): tf.Tensor {
  if (name !== 'lm_head.weight') return t;
  const turned = tf.transpose(t);
  t.dispose();
  return turned;
}
