/** A training step in jax-js: loss, gradient, clipping and AdamW in one jitted function. */
import { ADAMW, decays } from '../../workers/igpt/optimizer.ts';
import type { Jax, JaxArray, JaxTree } from '../peers.ts';
import { RATE, taskOfStep, type Workload, weightsOf } from '../workload.ts';
import { logits, parametersOf } from './jaxjs.ts';
import type { TrainingSide } from './trainer.ts';

export function jaxTrainer(jax: Jax, { config, batch }: Workload): TrainingSide {
  const { numpy: np, nn, tree } = jax;
  const { n_positions: T, n_colours: V } = config;

  const lossOf = (p: JaxTree, inputs: JaxArray, targets: JaxArray): JaxArray => {
    const place = p['transformer.wpe.weight'].ref;
    const attend = (_: number, q: JaxArray, k: JaxArray, v: JaxArray) =>
      nn.dotProductAttention(q, k, v, { isCausal: true });
    const logp = nn.logSoftmax(logits(jax, config, p, inputs, place, batch, attend), -1);
    tree.dispose(p);
    return nn
      .oneHot(targets, V)
      .mul(logp)
      .sum()
      .mul(-1 / (batch * T));
  };

  const { beta1, beta2, epsilon, weightDecay, clip } = ADAMW;
  type Moments = { mean: JaxTree; square: JaxTree };
  /** `corrections`: the learning rate and both bias corrections, which change from step to step. [3] */
  const update = jax.jit((p: JaxTree, moments: Moments, inputs: JaxArray, targets: JaxArray, corrections: JaxArray) => {
    const [loss, gradient] = jax.valueAndGrad(lossOf)(tree.ref(p), inputs, targets);
    const names = Object.keys(p);
    const squares = names.map((name) => np.square(gradient[name].ref).sum());
    const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
    const scale = np.minimum(
      np
        .array(new Float32Array([clip]))
        .reshape([])
        .div(norm.ref),
      1,
    );
    const [rate, first, second] = [0, 1, 2].map((i) => corrections.ref.slice(i));
    corrections.dispose();
    const next: JaxTree = {};
    const mean: JaxTree = {};
    const square: JaxTree = {};
    for (const name of names) {
      const g = gradient[name].mul(scale.ref);
      mean[name] = moments.mean[name].mul(beta1).add(g.ref.mul(1 - beta1));
      square[name] = moments.square[name].mul(beta2).add(np.square(g).mul(1 - beta2));
      const unbiased = mean[name].ref.div(first.ref);
      const deviation = np.sqrt(square[name].ref.div(second.ref)).add(epsilon);
      const decay = decays(name) ? weightDecay : 0;
      const kept = decay === 0 ? p[name] : p[name].ref.sub(p[name].mul(rate.ref.mul(decay)));
      next[name] = kept.sub(unbiased.div(deviation).mul(rate.ref));
    }
    tree.dispose([scale, rate, first, second]);
    return { p: next, moments: { mean, square }, loss, norm };
  });

  let p = parametersOf(jax, config, weightsOf(config));
  const zeros = () =>
    Object.fromEntries(Object.entries(p).map(([name, { shape }]) => [name, np.zeros(shape)])) as JaxTree;
  let moments: Moments = { mean: zeros(), square: zeros() };

  return {
    async step(n) {
      const { inputs, targets } = taskOfStep(config, batch, n);
      const corrections = np.array(new Float32Array([RATE, 1 - beta1 ** (n + 1), 1 - beta2 ** (n + 1)]));
      const result = update(p, moments, np.array(inputs), np.array(targets), corrections);
      p = result.p;
      moments = result.moments;
      const [[loss], [gradientNorm]] = await Promise.all([result.loss.data(), result.norm.data()]);
      return { loss, gradientNorm };
    },
  };
}
