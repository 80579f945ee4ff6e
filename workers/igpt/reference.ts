/**
 * Image GPT in plain tfjs ops: the truth that every faster path is held against, and what runs where no faster path
 * can. Any tfjs backend. Read it beside the paper: Chen et al. 2020, "Generative Pretraining from Pixels"; openai/
 * image-gpt (c6af2eb) is the original code, and the parameter names and layouts are Hugging Face's.
 *
 * Letters in shapes: B pictures, m positions at once, T positions of a picture, d width, H heads, hd = d / H,
 * V colours, C classes. Pixel i is predicted at position i, whose input is pixel i - 1; position 0 has the start symbol, or
 * in its place a class that the model knows.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KVCache } from './cache.ts';
import { type Config, embeddingRows, parameterShapes, SOS, startRow, type Weights } from './config.ts';

/** Far below any logit, and unlike -Infinity safe to subtract from itself. */
const FORBIDDEN = -1e9;

/** What the model says of pictures. */
export type Prediction = {
  /** Of every pixel, [B, T, V]. */
  logits: tf.Tensor3D;
  /** Of the pictures as a whole, [B, C]; where the model has C classes. */
  classes?: tf.Tensor2D;
};

export class ImageGPT {
  private copied: Map<string, tf.Tensor> | undefined;

  /** Throws when a parameter is missing; call dispose() to free the memory. */
  constructor(
    readonly config: Config,
    private readonly weights: Weights,
  ) {
    const missing = parameterShapes(config).find(({ name, optional }) => !optional && !weights.has(name));
    if (missing) throw new Error(`The model has no ${missing.name}.`);
  }

  /**
   * By name, shaped as in the file, but for the head: [d, V]. Copied to the current tfjs backend when they are first needed:
   * where a faster path completes, a large model's never are. Biases that are absent or all zero cost nothing.
   */
  get parameters(): Map<string, tf.Tensor> {
    this.copied ??= copied(this.config, this.weights);
    return this.copied;
  }

  dispose(): void {
    for (const t of this.copied?.values() ?? []) t.dispose();
    this.copied?.clear();
  }

  /** Logits [B, T, V] of every pixel given the pixels before it; tokens int32 [B, T], the classes that they begin with [B]. */
  forward(tokens: tf.Tensor2D, starts?: ArrayLike<number>): tf.Tensor3D {
    return tf.tidy(() => this.logits(this.last(this.blocks(this.embed(this.shifted(tokens, starts), 0)))));
  }

  /**
   * The same for m positions from `from` on, given a cache of everything before them, which takes up the new keys and
   * values. inputs int32 [B, m]: the pixel before each position. Logits [B, m, V].
   */
  extend(inputs: tf.Tensor2D, from: number, cache: KVCache): tf.Tensor3D {
    return tf.tidy(() => this.logits(this.last(this.blocks(this.embed(inputs, from), cache))));
  }

  /**
   * Logits for the inputs of an objective, int32 [B, T]: the row of wte at each position, or below 0 where the position
   * has its place alone. Without `causal` every position sees all others.
   */
  predict(inputs: tf.Tensor2D, causal: boolean): Prediction {
    return tf.tidy(() => {
      const [B, T] = inputs.shape;
      const { n_embd: d } = this.config;
      // A product with one-hot rows, zero below 0: the gradient of a gather is missing on some backends.
      const chosen = tf.cast(tf.oneHot(tf.reshape(inputs, [B * T]), embeddingRows(this.config)), 'float32');
      const wte = tf.reshape(tf.matMul(chosen, this.get('transformer.wte.weight')), [B, T, d]);
      const wpe = tf.slice(this.get('transformer.wpe.weight'), [0, 0], [T, d]);
      const last = this.last(this.blocks(tf.add(wte, wpe), undefined, causal));
      const logits = this.logits(last);
      return this.config.n_classes ? { logits, classes: this.scores(last) } : { logits };
    });
  }

  /**
   * Means over positions of what each layer's attention reads and, last, of what the head reads, [n_layer + 1, B, d];
   * inputs int32 [B, T], rows of wte.
   */
  features(inputs: tf.Tensor2D, causal: boolean): tf.Tensor3D {
    return tf.tidy(() => {
      const means: tf.Tensor2D[] = [];
      let h = this.embed(inputs, 0);
      for (let i = 0; i < this.config.n_layer; i++) {
        means.push(tf.mean(this.rms(h, `transformer.h.${i}.ln_1`), 1));
        h = this.block(h, i, undefined, causal);
      }
      means.push(tf.mean(this.last(h), 1));
      return tf.stack(means) as tf.Tensor3D;
    });
  }

  /** Attention weights of one head over whole pictures, [B, T, T]; tokens and starts as above. */
  attention(tokens: tf.Tensor2D, layer: number, head: number, starts?: ArrayLike<number>): tf.Tensor3D {
    return tf.tidy(() => {
      let h = this.embed(this.shifted(tokens, starts), 0);
      for (let i = 0; i < layer; i++) h = this.block(h, i);
      const [B, T] = h.shape;
      const { q, k } = this.queryKeyValue(this.rms(h, `transformer.h.${layer}.ln_1`), layer);
      const w = tf.reshape(weights(q, [k]), [B, this.config.n_head, T, T]);
      return tf.reshape(tf.slice(w, [0, head, 0, 0], [B, 1, T, T]), [B, T, T]);
    });
  }

  /** The inputs of whole pictures: start symbol or class first, last pixel left out. [B, T] */
  private shifted(tokens: tf.Tensor2D, starts?: ArrayLike<number>): tf.Tensor2D {
    const [B, T] = tokens.shape;
    const rows = Array.from({ length: B }, (_, b) => startRow(this.config, starts ? starts[b] : SOS));
    const first = tf.tensor2d(rows, [B, 1], 'int32');
    return T === 1 ? first : tf.concat([first, tf.slice(tokens, [0, 0], [B, T - 1])], 1);
  }

  private embed(inputs: tf.Tensor2D, from: number): tf.Tensor3D {
    const [B, m] = inputs.shape;
    const d = this.config.n_embd;
    const wte = tf.reshape(tf.gather(this.get('transformer.wte.weight'), tf.reshape(inputs, [B * m])), [B, m, d]);
    const wpe = tf.slice(this.get('transformer.wpe.weight'), [from, 0], [m, d]);
    return tf.add(wte, wpe);
  }

  private blocks(h: tf.Tensor3D, cache?: KVCache, causal = true): tf.Tensor3D {
    let x = h;
    for (let i = 0; i < this.config.n_layer; i++) x = this.block(x, i, cache, causal);
    return x;
  }

  /** Tidy by itself, or a deep model would hold the attention weights of all its layers at once. */
  private block(h: tf.Tensor3D, layer: number, cache?: KVCache, causal = true): tf.Tensor3D {
    return tf.tidy(() => {
      const name = `transformer.h.${layer}`;
      const x = tf.add(h, this.attend(this.rms(h, `${name}.ln_1`), layer, cache, causal)) as tf.Tensor3D;
      const fc = this.linear(this.rms(x, `${name}.ln_2`), `${name}.mlp.c_fc`); // [B, m, 4d]
      const gelu = tf.mul(fc, tf.sigmoid(tf.mul(fc, 1.702))) as tf.Tensor3D; // quick GELU
      return tf.add(x, this.linear(gelu, `${name}.mlp.c_proj`));
    });
  }

  private attend(x: tf.Tensor3D, layer: number, cache?: KVCache, causal = true): tf.Tensor3D {
    const [B, m, d] = x.shape;
    const H = this.config.n_head;
    const { q, k, v } = this.queryKeyValue(x, layer);
    const past = cache ? cache.append(layer, k, v) : { keys: [k], values: [v] };
    const w = weights(q, past.keys, causal); // [B·H, m, positions]
    const parts =
      past.values.length === 1
        ? [w]
        : tf.split(
            w,
            past.values.map((p) => p.shape[1]),
            2,
          );
    const y = past.values.map((p, i) => tf.matMul(parts[i], p)).reduce((a, b) => tf.add(a, b)); // [B·H, m, hd]
    const joined = m === 1 ? y : tf.transpose(tf.reshape(y, [B, H, m, d / H]), [0, 2, 1, 3]);
    return this.linear(tf.reshape(joined, [B, m, d]), `transformer.h.${layer}.attn.c_proj`);
  }

  /** Each [B·H, m, hd]; head k owns columns [k·hd, (k + 1)·hd) of each third of c_attn. */
  private queryKeyValue(x: tf.Tensor3D, layer: number): { q: tf.Tensor3D; k: tf.Tensor3D; v: tf.Tensor3D } {
    const [B, m, d] = x.shape;
    const H = this.config.n_head;
    const thirds = tf.split(this.linear(x, `transformer.h.${layer}.attn.c_attn`), 3, 2);
    const [q, k, v] = thirds.map((t): tf.Tensor3D => {
      const heads = m === 1 ? t : tf.transpose(tf.reshape(t, [B, m, H, d / H]), [0, 2, 1, 3]);
      return tf.reshape(heads, [B * H, m, d / H]);
    });
    return { q, k, v };
  }

  /** x · rsqrt(mean(x²) + ε) · g: no mean is subtracted and there is no bias. */
  private rms(x: tf.Tensor3D, name: string): tf.Tensor3D {
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x), 2, true), this.config.layer_norm_epsilon));
    return tf.mul(tf.mul(x, scale), this.get(`${name}.weight`));
  }

  /** x W + b over the last axis, flattened to two dimensions because tfjs multiplies those fastest. */
  private linear(x: tf.Tensor3D, name: string): tf.Tensor3D {
    const [B, m, d] = x.shape;
    const w = this.get(`${name}.weight`) as tf.Tensor2D; // [in, out]
    const y = tf.matMul(tf.reshape(x, [B * m, d]), w);
    const bias = this.parameters.get(`${name}.bias`);
    return tf.reshape(bias ? tf.add(y, bias) : y, [B, m, w.shape[1]]);
  }

  /** What the heads read, [B, m, d]. */
  private last(h: tf.Tensor3D): tf.Tensor3D {
    return this.rms(h, 'transformer.ln_f');
  }

  private logits(last: tf.Tensor3D): tf.Tensor3D {
    const [B, m, d] = last.shape;
    const head = this.get('lm_head.weight') as tf.Tensor2D; // [d, V]
    return tf.reshape(tf.matMul(tf.reshape(last, [B * m, d]), head), [B, m, head.shape[1]]);
  }

  /** A linear classifier of the mean over positions, [B, C]. */
  private scores(last: tf.Tensor3D): tf.Tensor2D {
    return tf.matMul(tf.mean(last, 1) as tf.Tensor2D, this.get('score.weight') as tf.Tensor2D, false, true);
  }

  private get(name: string): tf.Tensor {
    return this.parameters.get(name)!;
  }
}

/** Kept beyond whatever tidy they are first needed in. */
function copied(config: Config, weights: Weights): Map<string, tf.Tensor> {
  const tensors = new Map<string, tf.Tensor>();
  for (const { name, shape, optional } of parameterShapes(config)) {
    const values = weights.get(name);
    if (!values || (optional && values.every((x) => x === 0))) continue;
    // The head is stored [V, d]; every use wants [d, V], and tfjs multiplies by a transpose slowly.
    const make = () => (name === 'lm_head.weight' ? tf.transpose(tf.tensor(values, shape)) : tf.tensor(values, shape));
    tensors.set(name, tf.keep(tf.tidy(make)));
  }
  return tensors;
}

/**
 * softmax(q kᵀ / √hd) of m queries over all keys; causal: the queries are the last m of the positions.
 * q [B·H, m, hd]; keys, in parts whose positions add up, [B·H, ·, hd]; gives [B·H, m, positions].
 */
function weights(q: tf.Tensor3D, keys: tf.Tensor3D[], causal = true): tf.Tensor3D {
  const [, m, hd] = q.shape;
  const scaled = tf.mul(q, 1 / Math.sqrt(hd));
  const scores = keys.map((k) => tf.matMul(scaled, k, false, true) as tf.Tensor3D);
  const joined = scores.length === 1 ? scores[0] : tf.concat(scores, 2);
  return tf.softmax(m === 1 || !causal ? joined : tf.add(joined, causalMask(m, joined.shape[2])));
}

/** 0 where query i of the last m positions may look, FORBIDDEN ahead of it. [m, positions] */
function causalMask(m: number, positions: number): tf.Tensor2D {
  const mask = new Float32Array(m * positions);
  for (let i = 0; i < m; i++) mask.fill(FORBIDDEN, i * positions + positions - m + i + 1, (i + 1) * positions);
  return tf.tensor2d(mask, [m, positions]);
}
