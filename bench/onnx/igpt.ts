/**
 * One decoding step of Image GPT as an ONNX graph, for B variants at once: embedding, blocks over a key-value cache,
 * head, and the choice of the next colour, so that the token never has to leave the device. It uses what onnxruntime
 * has fused for transformers: SimplifiedLayerNormalization (RMS norm, with the residual sum in front), QuickGelu and
 * attention with a cache.
 */
import type { Config, Weights } from '../../workers/igpt/config.ts';
import { type Attribute, Graph } from './graph.ts';

const MICROSOFT = 'com.microsoft';

/**
 * `growing`: MultiHeadAttention, which joins the new keys and values to those before. `static`: GroupQueryAttention over
 * T positions. The attention in plain ONNX operators was slower than either everywhere.
 */
export type CacheKind = 'growing' | 'static';

/** Names of the inputs and outputs of a layer's cache. */
export const cacheNames = (layer: number) => ({
  past: [`past_key_${layer}`, `past_value_${layer}`],
  present: [`present_key_${layer}`, `present_value_${layer}`],
});

/**
 * Inputs: tokens int32 [B, 1], position int32 [1, 1], uniforms f32 [B, 1], the pasts, and for a static cache also
 * seqlens int32 [B] (positions before this one) and total int32 [1]. Outputs: next int32 [B, 1], logp f32 [B, V] and
 * the presents.
 */
export function decodingStep(config: Config, weights: Weights, B: number, kind: CacheKind): Uint8Array {
  const { n_layer, n_embd: d, n_head: H, n_positions: T, n_colours: V, layer_norm_epsilon: epsilon } = config;
  const hd = d / H;
  const g = new Graph('igpt');
  const weight = (name: string, ...dims: number[]) => g.constant(name, weights.get(name)!, dims);
  const shape = (...dims: number[]) =>
    g.constant(`shape_${dims.join('_')}_${shapes++}`, BigInt64Array.from(dims.map(BigInt)), [dims.length]);
  let shapes = 0;

  const tokens = g.input('tokens', 'int32', [B, 1]);
  const position = g.input('position', 'int32', [1, 1]);
  const uniforms = g.input('uniforms', 'float32', [B, 1]);
  const counts = kind === 'static' ? [g.input('seqlens', 'int32', [B]), g.input('total', 'int32', [1])] : [];

  const wte = g.node('Gather', [weight('transformer.wte.weight', V + 1, d), tokens]); // [B, 1, d]
  const wpe = g.node('Gather', [weight('transformer.wpe.weight', T, d), position]); // [1, 1, d]
  let x = g.node('Add', [wte, wpe]);
  /** What the block before adds to x, once it is known. */
  let branch: string | undefined;

  const rms: Record<string, Attribute> = { epsilon: { float: epsilon } };
  /** x += branch, and its RMS norm. */
  const norm = (name: string): string => {
    const gain = weight(name, d);
    if (branch === undefined) return g.node('SimplifiedLayerNormalization', [x, gain], { ...rms, axis: 2 });
    const [normed, sum] = [`${name}_normed`, `${name}_sum`];
    g.nodeInto([normed, '', '', sum], 'SkipSimplifiedLayerNormalization', [x, branch, gain], rms, MICROSOFT);
    x = sum;
    return normed;
  };
  const linear = (input: string, name: string, k: number, n: number) => g.node('MatMul', [input, weight(name, k, n)]);

  for (let i = 0; i < n_layer; i++) {
    const h = `transformer.h.${i}`;
    const { past, present } = cacheNames(i);
    const positions = kind === 'static' ? T : 'past';
    for (const name of past) g.input(name, 'float32', [B, H, positions, hd]);
    for (const name of present) g.output(name, 'float32', [B, H, kind === 'static' ? T : 'now', hd]);
    const qkv = linear(norm(`${h}.ln_1.weight`), `${h}.attn.c_attn.weight`, d, 3 * d); // [B, 1, 3d]
    let attended: string;
    if (kind === 'static') {
      attended = `${h}_attended`;
      const inputs = [qkv, '', '', ...past, ...counts];
      const attributes = { num_heads: H, kv_num_heads: H, scale: { float: 1 / Math.sqrt(hd) } };
      g.nodeInto([attended, ...present], 'GroupQueryAttention', inputs, attributes, MICROSOFT);
    } else {
      const thirds = ['q', 'k', 'v'].map((name) => `${h}_${name}`);
      const split = g.constant(`${h}_thirds`, BigInt64Array.from([d, d, d].map(BigInt)), [3]);
      g.nodeInto(thirds, 'Split', [qkv, split], { axis: 2 });
      attended = `${h}_attended`;
      const inputs = [...thirds, '', '', '', ...past];
      const attributes = { num_heads: H, scale: { float: 1 / Math.sqrt(hd) } };
      g.nodeInto([attended, ...present], 'MultiHeadAttention', inputs, attributes, MICROSOFT);
    }
    branch = linear(attended, `${h}.attn.c_proj.weight`, d, d);
    const fc = linear(norm(`${h}.ln_2.weight`), `${h}.mlp.c_fc.weight`, d, 4 * d);
    const gelu = g.node('QuickGelu', [fc], { alpha: { float: 1.702 } }, MICROSOFT);
    branch = linear(gelu, `${h}.mlp.c_proj.weight`, 4 * d, d);
  }

  const head = g.constant('head', transposed(weights.get('lm_head.weight')!, V, d), [d, V]);
  const logits = g.node('Reshape', [g.node('MatMul', [norm('transformer.ln_f.weight'), head]), shape(B, V)]);
  g.nodeInto(['logp'], 'LogSoftmax', [logits], { axis: 1 });
  g.output('logp', 'float32', [B, V]);
  // Inverse transform: how many colours the cumulative probability has passed when it exceeds the uniform number.
  const axis = g.constant('cumsum_axis', Int32Array.of(1), []);
  const cdf = g.node('CumSum', [g.node('Exp', ['logp']), axis]);
  const passed = g.node('Cast', [g.node('LessOrEqual', [cdf, uniforms])], { to: 1 });
  const sum = g.node('ReduceSum', [passed, g.constant('sum_axes', BigInt64Array.of(1n), [1])], { keepdims: 1 });
  const last = g.constant('last_colour', Float32Array.of(V - 1), []); // the cumulative sum may end just below 1
  g.nodeInto(['next'], 'Cast', [g.node('Min', [sum, last])], { to: 6 });
  g.output('next', 'int32', [B, 1]);
  return g.finish();
}

/** [rows, columns] → [columns, rows] */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}
