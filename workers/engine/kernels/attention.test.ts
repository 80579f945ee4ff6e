import { describe, expect } from 'vitest';
import { float16ToFloat32, float32ToFloat16 } from '../../formats/halves.ts';
import { PlanBuilder, type Range } from '../plan.ts';
import { type AttentionTuning, attention, attentionGradient } from './attention.ts';
import { downloads, gpuTest, random, result, upload, worst } from './testing.ts';

interface Size {
  b: number;
  t: number;
  h: number;
  hd: number;
  causal: boolean;
}

/** Float64 with whole T × T matrices. */
function expected({ b, t, h, hd, causal }: Size, qkv: Float32Array, dout: Float32Array) {
  const D = h * hd;
  const out = new Float64Array(b * t * D);
  const dqkv = new Float64Array(b * t * 3 * D);
  const scale = 1 / Math.sqrt(hd);
  for (let bh = 0; bh < b * h; bh++) {
    const at = (part: number, i: number, e: number) =>
      ((Math.floor(bh / h) * t + i) * 3 + part) * D + (bh % h) * hd + e;
    const row = (i: number) => (Math.floor(bh / h) * t + i) * D + (bh % h) * hd;
    const sumOver = (f: (e: number) => number) => Array.from({ length: hd }, (_, e) => f(e)).reduce((x, y) => x + y, 0);
    for (let i = 0; i < t; i++) {
      const seen = causal ? i + 1 : t;
      const s = Array.from({ length: seen }, (_, j) => scale * sumOver((e) => qkv[at(0, i, e)] * qkv[at(1, j, e)]));
      const most = Math.max(...s);
      const total = s.reduce((sum, x) => sum + Math.exp(x - most), 0);
      const p = s.map((x) => Math.exp(x - most) / total);
      const dp = p.map((_, j) => sumOver((e) => dout[row(i) + e] * qkv[at(2, j, e)]));
      const delta = p.reduce((sum, x, j) => sum + x * dp[j], 0);
      for (let j = 0; j < seen; j++) {
        const ds = p[j] * (dp[j] - delta) * scale;
        for (let e = 0; e < hd; e++) {
          out[row(i) + e] += p[j] * qkv[at(2, j, e)];
          dqkv[at(0, i, e)] += ds * qkv[at(1, j, e)];
          dqkv[at(1, j, e)] += ds * qkv[at(0, i, e)];
          dqkv[at(2, j, e)] += p[j] * dout[row(i) + e];
        }
      }
    }
  }
  return { out, dqkv };
}

const tunings: [string, AttentionTuning][] = [
  ['one row a thread', { threads: 8, quads: 1, columns: { forward: 4, backward: 2 } }],
  ['several rows a thread', { threads: 4, quads: 12, columns: { forward: 2, backward: 1 } }],
];

/** Neither rows nor columns of any tuning divide 25. */
const cases = tunings.flatMap(([name, tuning], n) =>
  [
    { b: 2, t: 25, h: 2, hd: 12, causal: true },
    { b: 2, t: 25, h: 2, hd: 12, causal: false },
    ...(n === 0 ? [{ b: 1, t: 1, h: 1, hd: 4, causal: false }] : []),
  ].map((size) => ({ name, tuning, size })),
);
/** Little is unrolled, so that software drivers do not take minutes to compile. */
const slim: AttentionTuning = { threads: 8, quads: 1, columns: { forward: 1, backward: 1 } };
for (const hd of [32, 64, 128]) {
  cases.push({ name: 'heads of the sizes in use', tuning: slim, size: { b: 1, t: 19, h: 2, hd, causal: true } });
}
const shared: AttentionTuning = { threads: 40, quads: 2, columns: { forward: 2, backward: 2 } };
for (const causal of [true, false]) {
  const size = { b: 2, t: 11, h: 2, hd: 68, causal };
  cases.push({ name: 'a head that 17 threads share, with several rows each', tuning: shared, size });
}

describe('flash attention', () => {
  for (const { name, tuning, size } of cases) {
    const { b, t, h, hd, causal } = size;
    gpuTest(`agrees with float64, gradients too: ${name}, ${JSON.stringify(size)}`, async (device) => {
      const D = h * hd;
      const qkv = random(b * t * 3 * D, 1).map((x) => 2 * x);
      const dout = random(b * t * D, 2);
      const plan = new PlanBuilder(device);
      const out = result(device, b * t * D);
      const dqkv = result(device, b * t * 3 * D);
      const lse = plan.temporary('lse', b * t * h);
      const shape = { label: 'attention', b, t, h, hd, causal, qkv: upload(device, qkv), out, lse };
      attention(plan, tuning, shape);
      attentionGradient(plan, tuning, shape, { dout: upload(device, dout), dqkv });
      const found = await downloads(device, await plan.build(), [out, dqkv]);
      const wanted = expected(size, qkv, dout);
      expect(worst(found[0], wanted.out)).toBeLessThan(5e-6);
      expect(worst(found[1], wanted.dqkv)).toBeLessThan(2e-5);
    });
  }
});

/** As f16, where halves of `values` are needed; what is rounded there is rounded in what is expected too. */
function uploadHalves(device: GPUDevice, values: Float32Array): { range: Range; rounded: Float32Array } {
  const halves = float32ToFloat16(values);
  const range = { ...upload(device, new Uint32Array(halves.buffer)), half: true };
  return { range, rounded: float16ToFloat32(halves) };
}

/** One that a thread serves alone, and one that several share. */
for (const hd of [12, 128]) {
  gpuTest(`in f16 it agrees with float64 to what f16 can hold: heads of ${hd}`, async (device) => {
    if (!device.features.has('shader-f16')) return console.log('Not done, for this device has no f16.');
    const size: Size = { b: 1, t: 19, h: 2, hd, causal: true };
    const { b, t, h, causal } = size;
    const D = h * hd;
    const qkv = uploadHalves(device, random(b * t * 3 * D, 1));
    const dout = uploadHalves(device, random(b * t * D, 2));
    const plan = new PlanBuilder(device);
    const [out, dqkv] = [b * t * D, b * t * 3 * D].map((n) => uploadHalves(device, new Float32Array(n)).range);
    const lse = plan.temporary('lse', b * t * h);
    const shape = { label: 'attention', b, t, h, hd, causal, qkv: qkv.range, out, lse };
    attention(plan, slim, shape);
    attentionGradient(plan, slim, shape, { dout: dout.range, dqkv });
    const found = (await downloads(device, await plan.build(), [out, dqkv])).map((bytes) =>
      float16ToFloat32(new Uint16Array(bytes.buffer)),
    );
    const wanted = expected(size, qkv.rounded, dout.rounded);
    // A half has 11 bits: numbers below 2 are off by at most 2^-11, those below 4 by 2^-10.
    expect(worst(found[0], wanted.out)).toBeLessThan(2 ** -11);
    expect(worst(found[1], wanted.dqkv)).toBeLessThan(2 ** -9);
  });
}

gpuTest('takes pictures of 64 × 64', async (device) => {
  const size: Size = { b: 1, t: 4096, h: 1, hd: 4, causal: true };
  const qkv = random(4096 * 12, 1);
  const plan = new PlanBuilder(device);
  const out = result(device, 4096 * 4);
  const lse = plan.temporary('lse', 4096);
  attention(plan, slim, { label: 'attention', ...size, qkv: upload(device, qkv), out, lse });
  const [found] = await downloads(device, await plan.build(), [out]);
  // The last query's row alone, in float64.
  const q = qkv.subarray(4095 * 12, 4095 * 12 + 4);
  const weights = Array.from({ length: 4096 }, (_, j) =>
    Math.exp(q.reduce((sum, x, e) => sum + x * qkv[j * 12 + 4 + e], 0) / 2),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  const wanted = [0, 1, 2, 3].map((e) => weights.reduce((sum, w, j) => sum + (w / total) * qkv[j * 12 + 8 + e], 0));
  expect(worst(found.slice(4095 * 4), wanted)).toBeLessThan(1e-5);
});
