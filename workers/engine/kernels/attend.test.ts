import { describe, expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { attend } from './attend.ts';
import { downloads, gpuTest, LANES, random, result, upload, without, worst } from './testing.ts';

/** Queries of positions 290 and 291 of two pictures: more keys than threads take at once, and no multiple of that. */
const [B, ROWS, T, H, POSITION] = [2, 2, 300, 3, 290];

/** Float64. */
function expected(hd: number, q: Float32Array, keys: Float32Array, values: Float32Array): Float64Array {
  const out = new Float64Array(q.length);
  for (let rh = 0; rh < B * ROWS * H; rh++) {
    const row = Math.floor(rh / H);
    const cache = (Math.floor(row / ROWS) * H + (rh % H)) * T * hd;
    const scores = Array.from({ length: POSITION + (row % ROWS) + 1 }, (_, j) => {
      let s = 0;
      for (let e = 0; e < hd; e++) s += q[rh * hd + e] * keys[cache + j * hd + e];
      return s / Math.sqrt(hd);
    });
    const most = Math.max(...scores);
    const weights = scores.map((s) => Math.exp(s - most));
    const total = weights.reduce((x, y) => x + y, 0);
    weights.forEach((w, j) => {
      for (let e = 0; e < hd; e++) out[rh * hd + e] += (w / total) * values[cache + j * hd + e];
    });
  }
  return out;
}

/** Heads with fewer vec4 than 32 threads, which they divide or not, with as many, and with more. */
const WIDTHS = [16, 48, 128, 144];

describe.each(LANES)('with %o', ({ lanes, subgroups }) => {
  for (const hd of WIDTHS) {
    gpuTest(`attention over a cache agrees with float64: heads of ${hd} channels`, async (real) => {
      const device = subgroups ? real : without(real, 'subgroups');
      const q = random(B * ROWS * H * hd, 1).map((x) => 4 * x);
      const [keys, values] = [random(B * H * T * hd, 2), random(B * H * T * hd, 3)];
      const plan = new PlanBuilder(device);
      const out = result(device, q.length);
      const shape = {
        label: 'attend',
        m: B * ROWS,
        rows: ROWS,
        t: T,
        h: H,
        hd,
        q: upload(device, q),
        keys: upload(device, keys),
        values: upload(device, values),
        half: false,
        state: upload(device, new Uint32Array([POSITION])),
      };
      attend(plan, lanes, shape, out);
      const [found] = await downloads(device, await plan.build(), [out]);
      expect(worst(found, expected(hd, q, keys, values))).toBeLessThan(2e-6);
    });
  }
});
