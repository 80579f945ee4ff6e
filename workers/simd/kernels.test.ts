/** Every kernel against plain float64 loops, at sizes that divide by nothing as well as at those that do. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { uniform } from '../igpt/random.ts';
import { sample } from '../igpt/sampler.ts';
import { useWasm } from '../igpt/testing.ts';
import { floatsAt, roundUp } from './arena.ts';
import { draw, likeliest } from './draw.ts';
import { attention, product, quickGelu, rmsNorm, slopes, transposed } from './float64.ts';
import { BUILDS, bench, numbers, useBuild, worst } from './testing.ts';

const F32 = 2e-6;

beforeAll(useWasm);

describe.each(BUILDS)('the %s build', (build) => {
  beforeAll(() => useBuild(build), 60_000);

  describe.each([
    [8, 16, 4],
    [64, 24, 32],
    [1, 1, 1],
    [3, 5, 7],
    [70, 21, 13],
    [131, 12, 129],
  ])('a product of %i × %i over %i', (m, n, k) => {
    const a = numbers(m * k, 1);
    const b = numbers(k * n, 2);
    const panels = k * roundUp(n, 8);

    it('multiplies by a packed matrix, and by a packed transpose', async () => {
      const bT = Float32Array.from(transposed(k, n, b));
      const { kernels, at, read } = await bench({ a, b, bT, panels, c: m * n });
      const expected = product(m, n, k, a, b);
      kernels.pack(k, n, at.b, 4 * n, at.panels, 32 * k);
      kernels.matmul(m, n, k, at.a, 4 * k, 4, at.panels, 32 * k, 32, at.c, 4 * n, 0, 0, 0, 0);
      expect(worst(read('c'), expected)).toBeLessThan(F32);
      kernels.packTransposed(n, k, at.bT, 4 * k, at.panels, 32 * k);
      kernels.matmul(m, n, k, at.a, 4 * k, 4, at.panels, 32 * k, 32, at.c, 4 * n, 0, 0, 0, 0);
      expect(worst(read('c'), expected)).toBeLessThan(F32);
    });

    it('reads a transposed, and b as it lies', async () => {
      const aT = Float32Array.from(transposed(m, k, a));
      const { kernels, at, read } = await bench({ aT, b, c: m * n, after: 8 });
      kernels.matmul(m, n, k, at.aT, 4, 4 * m, at.b, 32, 4 * n, at.c, 4 * n, 0, 0, 0, 0);
      expect(worst(read('c'), product(m, n, k, a, b))).toBeLessThan(F32);
    });

    it('adds the bias, multiplies, adds and bends in one pass', async () => {
      const [bias, mul, add] = [numbers(n, 3), numbers(m * n, 4), numbers(m * n, 5)];
      const { kernels, at, read } = await bench({ a, b, panels, bias, mul, add, c: m * n, act: m * n });
      kernels.pack(k, n, at.b, 4 * n, at.panels, 32 * k);
      kernels.matmul(m, n, k, at.a, 4 * k, 4, at.panels, 32 * k, 32, at.c, 4 * n, at.bias, at.mul, at.add, at.act);
      const expected = product(m, n, k, a, b).map((x, i) => (x + bias[i % n]) * mul[i] + add[i]);
      expect(worst(read('c'), expected)).toBeLessThan(F32);
      expect(worst(read('act'), expected.map(quickGelu))).toBeLessThan(F32);
    });
  });

  it.each([
    [5, 3, 7],
    [300, 12, 20],
    [513, 21, 8],
  ])('sums %i outer products of %i × %i onto what is there', async (rows, p, n) => {
    const [a, b, c] = [numbers(rows * p, 1), numbers(rows * n, 2), numbers(p * n, 3)];
    const { kernels, at, read } = await bench({ a, b, c, work: 256 * (roundUp(p, 8) + roundUp(n, 8)) });
    expect(kernels.outerBytes(p, n)).toBe(4 * 256 * (roundUp(p, 8) + roundUp(n, 8)));
    kernels.outer(rows, p, n, at.a, 4 * p, at.b, 4 * n, at.c, at.work);
    const expected = product(p, n, rows, transposed(rows, p, a), b).map((x, i) => x + c[i]);
    expect(worst(read('c'), expected)).toBeLessThan(F32);
  });

  it.each([
    [3, 4],
    [5, 20],
  ])('norms %i rows of %i, and finds the slopes', async (rows, d) => {
    const [x, gain, dy, before] = [numbers(rows * d, 1), numbers(d, 2), numbers(rows * d, 3), numbers(rows * d, 4)];
    const { kernels, at, read } = await bench({ x, gain, dy, y: rows * d, dx: before, dgain: new Float32Array(d) });
    kernels.norm(rows, d, at.x, at.gain, at.y, 1e-5);
    expect(worst(read('y'), rmsNorm(d, x, gain, 1e-5))).toBeLessThan(F32);
    kernels.normGradient(rows, d, at.x, at.gain, at.dy, at.dx, at.dgain, 1e-5);
    const dx = slopes(x, (moved) => rmsNorm(d, moved, gain, 1e-5), dy).map((s, i) => s + before[i]);
    expect(worst(read('dx'), dx)).toBeLessThan(1e-5);
    const dgain = slopes(gain, (moved) => rmsNorm(d, x, moved, 1e-5), dy);
    expect(worst(read('dgain'), dgain)).toBeLessThan(1e-5);
  });

  describe.each([
    ['causal', true],
    ['bidirectional', false],
  ] as const)('%s attention', (_, causal) => {
    it.each([
      [2, 8, 2, 8],
      [1, 1, 1, 4],
      [2, 11, 3, 5],
      [1, 35, 1, 5],
      [1, 67, 1, 3],
    ])('of %i pictures of %i positions, %i heads of %i', async (B, T, H, hd) => {
      const d = H * hd;
      const qkv = numbers(B * T * 3 * d, 1, 2);
      const dy = numbers(B * T * d, 2);
      const room = { y: B * T * d, lse: B * H * T, dqkv: B * T * 3 * d, work: 40 * roundUp(T, 32) * (hd + 12) };
      const { kernels, at, read } = await bench({ qkv, dy, ...room });
      const [need, gradientNeed] = [kernels.attentionBytes(T, hd), kernels.attentionGradientBytes(T, hd)];
      expect(Math.max(need, gradientNeed)).toBeLessThanOrEqual(4 * room.work);
      kernels.attention(B, T, H, hd, causal ? 1 : 0, at.qkv, at.y, at.lse, at.work);
      expect(worst(read('y'), attention(B, T, H, hd, causal, qkv))).toBeLessThan(F32);
      kernels.attentionGradient(B, T, H, hd, causal ? 1 : 0, at.qkv, at.y, at.lse, at.dy, at.dqkv, at.work);
      const expected = slopes(qkv, (moved) => attention(B, T, H, hd, causal, moved), dy);
      expect(worst(read('dqkv'), expected)).toBeLessThan(1e-5);
    });
  });

  it.each([
    [8, 2, 8, 0],
    [21, 3, 5, 14],
    [49, 1, 4, 40],
  ])('attends over a cache of %i positions, %i heads of %i, %i of them shared', async (T, H, hd, prefix) => {
    const B = 3;
    const d = H * hd;
    // All pictures begin alike.
    const shared = numbers(prefix * 3 * d, 7);
    const pictures = Array.from({ length: B }, (_, b) => {
      const whole = numbers(T * 3 * d, b);
      whole.set(shared);
      return whole;
    });
    const { kernels } = await bench({});
    const [picture, work] = [(H * kernels.headBytes(T, hd)) / 4, kernels.extendBytes(T) / 4];
    const places = { qkv: B * T * 3 * d, y: B * T * d, shared: picture, caches: B * picture, work };
    const cached = await bench(places);
    const { at } = cached;
    const memory = new Float32Array(cached.kernels.memory.buffer);
    const expected = pictures.map((p) => attention(1, T, H, hd, true, p));
    memory.set(shared, at.qkv / 4);
    cached.kernels.prefill(prefix, T, H, hd, at.qkv, at.shared, at.y, at.work);
    expect(worst(cached.read('y').subarray(0, prefix * d), expected[0].subarray(0, prefix * d))).toBeLessThan(F32);
    for (let first = prefix, m = 1; first < T; first += m, m = Math.min(5 - m, T - first)) {
      for (let b = 0; b < B; b++) {
        memory.set(pictures[b].subarray(first * 3 * d, (first + m) * 3 * d), at.qkv / 4 + b * m * 3 * d);
      }
      cached.kernels.extend(B, m, first, prefix, T, H, hd, at.qkv, at.shared, at.caches, 4 * picture, at.y, at.work);
      const wanted = expected.flatMap((y) => [...y.subarray(first * d, (first + m) * d)]);
      expect(worst(cached.read('y').subarray(0, B * m * d), wanted), `position ${first}`).toBeLessThan(F32);
    }
  });

  it.each([5, 21, 32])('takes the surprise of %i colours, and its slopes', async (V) => {
    const rows = 6;
    const Vp = roundUp(V, 8);
    const logits = numbers(rows * Vp, 1, 8);
    const targets = Int32Array.from({ length: rows }, (_, r) => (r * 5) % V);
    const weights = numbers(rows, 2).map(Math.abs);
    const surprise = (x: ArrayLike<number>) =>
      Array.from(targets, (target, r) => {
        let sum = 0;
        for (let i = 0; i < V; i++) sum += Math.exp(x[r * Vp + i] - x[r * Vp + target]);
        return weights[r] * Math.log(sum);
      });
    const { kernels, at, read } = await bench({ logits, targets, weights, each: rows });
    kernels.surprises(rows, V, at.logits, at.targets, at.each);
    const weighted = read('each').map((nats, r) => weights[r] * nats);
    expect(worst(weighted, surprise(logits))).toBeLessThan(F32);
    floatsAt(kernels, at.logits, rows * Vp).set(logits);
    const loss = kernels.crossEntropy(rows, V, at.logits, at.targets, at.weights);
    expect(loss).toBeCloseTo(
      surprise(logits).reduce((a, b) => a + b, 0),
      5,
    );
    expect(worst(read('logits'), slopes(logits, surprise, new Array(rows).fill(1)))).toBeLessThan(1e-5);
  });

  it('bends like GELU and leaves its slope', async () => {
    const u = numbers(64, 1, 6);
    const { kernels, at, read } = await bench({ u, g: 64 });
    kernels.geluGradient(64, at.u, at.g);
    expect(worst(read('g'), Float64Array.from(u, quickGelu))).toBeLessThan(F32);
    expect(
      worst(
        read('u'),
        slopes(u, (x) => x.map(quickGelu), new Array(64).fill(1)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('puts colours and places together, and takes their gradients apart, a masked colour none', async () => {
    const [T, d] = [3, 8];
    const inputs = Int32Array.from([2, 0, -1, 2, 4, 0]);
    const [wte, wpe, dx] = [numbers(5 * d, 1), numbers(5 * d, 2), numbers(6 * d, 3)];
    const { kernels, at, read } = await bench({ inputs, wte, wpe, x: 6 * d, dx, dwte: 5 * d, dwpe: 5 * d, sums: d });
    kernels.embed(6, T, 1, d, at.inputs, at.wte, at.wpe, at.x);
    const place = (x: Float32Array, row: number, c: number) => (row < 0 ? 0 : x[row * d + c]);
    const x = Array.from({ length: 6 * d }, (_, i) => {
      const row = Math.floor(i / d);
      return place(wte, inputs[row], i % d) + place(wpe, 1 + (row % T), i % d);
    });
    expect(worst(read('x'), x)).toBeLessThan(F32);
    kernels.embedGradient(6, T, d, at.inputs, at.dx, at.dwte, at.dwpe);
    kernels.columnSums(6, d, at.dx, at.sums);
    const summed = (which: (row: number) => number) =>
      Array.from({ length: 5 * d }, (_, i) =>
        [0, 1, 2, 3, 4, 5]
          .filter((row) => which(row) === Math.floor(i / d))
          .reduce((sum, row) => sum + dx[row * d + (i % d)], 0),
      );
    expect(
      worst(
        read('dwte'),
        summed((row) => inputs[row]),
      ),
    ).toBeLessThan(F32);
    expect(
      worst(
        read('dwpe'),
        summed((row) => row % T),
      ),
    ).toBeLessThan(F32);
    expect(worst(read('sums'), summed(() => 0).slice(0, d))).toBeLessThan(F32);
  });

  it('steps as AdamW says, and measures the norm of a large gradient', async () => {
    const n = 3000;
    const [weight, gradient, mean] = [numbers(n, 1), numbers(n, 2), numbers(n, 3)];
    const square = numbers(n, 4).map(Math.abs);
    const { kernels, at, read } = await bench({ weight, gradient, mean, square });
    const squares = gradient.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(kernels.squares(n, at.gradient) / squares - 1)).toBeLessThan(1e-6);
    const [scale, rate, keep, beta1, beta2, epsilon] = [0.5, 0.01, 0.99, 0.9, 0.95, 1e-8];
    const { weight: w, gradient: g, mean: m, square: s } = at;
    kernels.adamw(n, w, g, m, s, scale, rate, keep, beta1, beta2, epsilon, 1 - beta1 ** 3, 1 - beta2 ** 3);
    const newMean = mean.map((x, i) => beta1 * x + (1 - beta1) * scale * gradient[i]);
    const newSquare = square.map((x, i) => beta2 * x + (1 - beta2) * (scale * gradient[i]) ** 2);
    expect(worst(read('mean'), newMean)).toBeLessThan(F32);
    expect(worst(read('square'), newSquare)).toBeLessThan(F32);
    const step = newMean.map((x, i) => x / (1 - beta1 ** 3) / (Math.sqrt(newSquare[i] / (1 - beta2 ** 3)) + epsilon));
    expect(
      worst(
        read('weight'),
        weight.map((x, i) => keep * x - rate * step[i]),
      ),
    ).toBeLessThan(F32);
  });

  it.each([
    [5, 5],
    [21, 6],
    [512, 6],
  ])('says how sure it is of %i colours, and names %i', async (V, top) => {
    const rows = 3;
    const Vp = roundUp(V, 8);
    const logits = numbers(rows * Vp, 1, 5);
    logits[1] = logits[0]; // equals: the earlier one comes first
    const { kernels, at, read } = await bench({ logits, weights: Vp, records: rows * (2 + 2 * top) });
    kernels.statistics(rows, V, top, at.logits, at.weights, at.records);
    const records = read('records');
    const places = new Int32Array(records.buffer);
    for (let r = 0; r < rows; r++) {
      const row = Array.from(logits.subarray(r * Vp, r * Vp + V));
      const lse = Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
      const p = row.map((x) => Math.exp(x - lse));
      const order = row.map((_, i) => i).sort((i, j) => row[j] - row[i]);
      const record = r * (2 + 2 * top);
      expect(records[record]).toBeCloseTo(lse, 5);
      expect(records[record + 1]).toBeCloseTo(
        p.reduce((sum, x) => sum - x * Math.log(x), 0),
        4,
      );
      expect([...places.subarray(record + 2, record + 2 + top)]).toEqual(order.slice(0, top));
      const probabilities = records.subarray(record + 2 + top, record + 2 + 2 * top);
      expect(
        worst(
          probabilities,
          order.slice(0, top).map((i) => p[i]),
        ),
      ).toBeLessThan(1e-5);
    }
  });

  it('knows e^x from -87 to 0, and nothing below', async () => {
    const x = Float32Array.from({ length: 512 }, (_, i) => -i / 5.9);
    const { kernels, at, read } = await bench({ x, out: 512 });
    kernels.drawingWeights(512, 1, at.x, at.out);
    read('out').forEach((e, i) => {
      if (x[i] > -87) expect(Math.abs(e / Math.exp(x[i]) - 1), `e^${x[i]}`).toBeLessThan(3e-7);
      else expect(e).toBeLessThan(2e-38);
    });
  });

  it.each([
    { topK: 0, topP: 1 },
    { topK: 4, topP: 1 },
    { topK: 0, topP: 0.6 },
    { topK: 12, topP: 0.9 },
    { topK: 30, topP: 1 },
  ])('draws the colours that the reference draws with %o', async (filter) => {
    const [rows, V, temperature] = [200, 24, 0.8];
    const logits = numbers(rows * V, 1, 4);
    const uniforms = Array.from({ length: rows }, (_, r) => (r === 0 ? 0 : r === 1 ? 1 - 2 ** -23 : uniform(2, 5, r)));
    const { kernels, at, read } = await bench({ logits, weights: V });
    const drawn = uniforms.map((u, r) => {
      kernels.drawingWeights(V, temperature, at.logits + 4 * V * r, at.weights);
      return draw(read('weights'), u, filter);
    });
    const settings = { temperature, ...filter };
    const expected = sample(tf.tensor2d(logits, [rows, V]), tf.tensor1d(uniforms), settings);
    expect(drawn).toEqual([...(await expected.data())]);
  });
});

it('takes the first of the likeliest', () => {
  expect(likeliest(Float32Array.from([1, 3, 2, 3]))).toBe(1);
});
