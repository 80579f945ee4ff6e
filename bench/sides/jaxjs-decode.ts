/**
 * Decoding in jax-js: one jitted step over a static cache, so that it compiles once; the new position is put in its
 * place by a mask, since arrays cannot be written in place. Colours are drawn by random.categorical, which is quick there
 * (a cumulative sum takes V² operations a row), and stay on the device.
 */
import type { Jax, JaxArray, JaxTree } from '../peers.ts';
import { type Workload, weightsOf } from '../workload.ts';
import type { Stepper } from './decoder.ts';
import { logits, parametersOf } from './jaxjs.ts';
import type { Prefix } from './prefix.ts';

export function jaxStepper(jax: Jax, { config, given, variants: B }: Workload, prefix: Prefix): Stepper {
  const { numpy: np, nn, random, tree } = jax;
  const { n_layer: L, n_embd: d, n_head: H, n_positions: T } = config;
  const hd = d / H;

  type Cache = { keys: JaxArray[]; values: JaxArray[] };
  const step = jax.jit((p: JaxTree, cache: Cache, tokens: JaxArray, position: JaxArray, seed: JaxArray) => {
    const positions = np.arange(T);
    const here = positions.ref.equal(position.ref).reshape([1, T, 1, 1]);
    const upToHere = positions.lessEqual(position.ref).reshape([1, 1, 1, T]);
    const place = np.matmul(nn.oneHot(position, T), p['transformer.wpe.weight'].ref); // [1, d]
    const next: Cache = { keys: [], values: [] };
    const out = logits(jax, config, p, tokens, place, B, (layer, q, k, v) => {
      next.keys[layer] = np.where(here.ref, k, cache.keys[layer]);
      next.values[layer] = np.where(here.ref, v, cache.values[layer]);
      const [keys, values] = [next.keys[layer].ref, next.values[layer].ref];
      return nn.dotProductAttention(q, keys, values, { mask: upToHere.ref });
    });
    tree.dispose([p, here, upToHere]);
    const logp = nn.logSoftmax(out, -1); // [B, V]
    const chosen = random.categorical(random.key(seed), logp.ref, { axis: -1 });
    return { cache: next, logp, tokens: chosen.astype('int32') };
  });

  const p = parametersOf(jax, config, weightsOf(config));
  let cache: Cache = {
    keys: prefix.keys.map((k) => np.array(spread(k, B, H, given, T, hd), { shape: [B, T, H, hd] })),
    values: prefix.values.map((v) => np.array(spread(v, B, H, given, T, hd), { shape: [B, T, H, hd] })),
  };
  if (cache.keys.length !== L) throw new Error('The prefix is of another model.');
  let chosen: JaxArray | undefined;
  let logp: JaxArray | undefined;
  return {
    async step(position, _, forced) {
      if (forced) {
        chosen?.dispose();
        chosen = np.array(forced);
      }
      const result = step(
        tree.ref(p),
        cache,
        chosen!,
        np.array(Int32Array.of(position)),
        np.array(Int32Array.of(position)).reshape([]),
      );
      logp?.dispose();
      ({ cache, logp, tokens: chosen } = result);
    },
    logp: () => logp!.ref.data(),
    tokens: () => chosen!.ref.data(),
  };
}

/** [H, given, hd] → [B, T, H, hd], zero where nothing is given. */
function spread(x: Float32Array, B: number, H: number, given: number, T: number, hd: number): Float32Array {
  const out = new Float32Array(B * T * H * hd);
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < H; h++) {
      for (let t = 0; t < given; t++) {
        const from = (h * given + t) * hd;
        out.set(x.subarray(from, from + hd), ((b * T + t) * H + h) * hd);
      }
    }
  }
  return out;
}
