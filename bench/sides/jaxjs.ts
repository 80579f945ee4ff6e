/**
 * Image GPT in jax-js, as its documentation would have it written: pure functions over a tree of parameters, handed to
 * jit whole, so that it can fuse what it likes. The shapes' letters are those of workers/igpt/reference.ts.
 */
import { type Config, parameterShapes, type Weights } from '../../workers/igpt/config.ts';
import type { Jax, JaxArray, JaxTree } from '../peers.ts';

/** Starts jax-js on one device and makes it the default. */
export async function startJax(jax: Jax, device: 'webgpu' | 'wasm'): Promise<Jax> {
  const started = await jax.init(device);
  if (!started.includes(device)) throw new Error(`jax-js does not start on ${device}.`);
  jax.defaultDevice(device);
  return jax;
}

/** The parameters that are present, by their Hugging Face names. */
export function parametersOf(jax: Jax, config: Config, weights: Weights): JaxTree {
  const present = parameterShapes(config).filter(({ name }) => weights.has(name));
  return Object.fromEntries(
    present.map(({ name, shape }) => [name, jax.numpy.array(weights.get(name)!.slice(), { shape })]),
  );
}

/** x · rsqrt(mean(x²) + ε) · g over the last axis. */
function rms({ numpy: np }: Jax, x: JaxArray, gain: JaxArray, epsilon: number): JaxArray {
  const mean = np.square(x.ref).mean(-1, { keepdims: true });
  return x.div(np.sqrt(mean.add(epsilon))).mul(gain);
}

/**
 * Logits [rows, V] of inputs int32 [rows], rows = B · m. `place` is the embedding of the positions, [m, d]; `attend` is
 * given q, k and v, each [B, m, H, hd], and answers in the same shape.
 */
export function logits(
  jax: Jax,
  config: Config,
  p: JaxTree,
  inputs: JaxArray,
  place: JaxArray,
  B: number,
  attend: (layer: number, q: JaxArray, k: JaxArray, v: JaxArray) => JaxArray,
): JaxArray {
  const { numpy: np, nn } = jax;
  const { n_layer: L, n_embd: d, n_head: H, n_colours: V, layer_norm_epsilon: epsilon } = config;
  const rows = inputs.shape[0];
  const m = rows / B;
  const wte = np.matmul(nn.oneHot(inputs, V + 1), p['transformer.wte.weight'].ref);
  let x = wte.reshape([B, m, d]).add(place).reshape([rows, d]);
  for (let i = 0; i < L; i++) {
    const h = `transformer.h.${i}`;
    const w = (name: string) => p[`${h}.${name}.weight`].ref;
    const qkv = np.matmul(rms(jax, x.ref, w('ln_1'), epsilon), w('attn.c_attn')).reshape([B, m, 3, H, d / H]);
    const [q, k] = [0, 1].map((n) => qkv.ref.slice([], [], n));
    const v = qkv.slice([], [], 2);
    const attended = attend(i, q, k, v).reshape([rows, d]);
    x = x.add(np.matmul(attended, w('attn.c_proj')));
    const fc = np.matmul(rms(jax, x.ref, w('ln_2'), epsilon), w('mlp.c_fc'));
    const gelu = fc.ref.mul(nn.sigmoid(fc.mul(1.702)));
    x = x.add(np.matmul(gelu, w('mlp.c_proj')));
  }
  const last = rms(jax, x, p['transformer.ln_f.weight'].ref, epsilon);
  return np.matmul(last, p['lm_head.weight'].ref.transpose());
}
