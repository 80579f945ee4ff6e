import { describe, expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { embedding, embeddingGradient, rowsByInput } from './embedding.ts';
import { downloads, gpuTest, random, result, upload, worst } from './testing.ts';

const [b, t, d, entries] = [3, 10, 24, 7];
/** One entry is never used, another by half of all rows, and some rows have none. */
const inputs = Int32Array.from({ length: b * t }, (_, r) => (r % 2 ? 3 : (r % 10) / 2 === 4 ? -1 : (r % 10) / 2));

describe.each([1, 32])('with %i lanes', (lanes) => {
  gpuTest('embeds and gives the gradients of both tables as float64 does', async (device) => {
    const [wte, wpe, dh] = [random(entries * d, 1), random(t * d, 2), random(b * t * d, 3)];
    const plan = new PlanBuilder(device);
    const [h, dwte, dwpe] = [result(device, b * t * d), result(device, entries * d), result(device, t * d)];
    const { order, starts } = rowsByInput(inputs, entries);
    const shape = { b, t, d, entries };
    const tables = { wte: upload(device, wte), wpe: upload(device, wpe) };
    embedding(plan, shape, { inputs: upload(device, inputs), ...tables, h });
    embeddingGradient(plan, lanes, shape, {
      dh: upload(device, dh),
      order: upload(device, order),
      starts: upload(device, starts),
      dwte,
      dwpe,
    });
    const found = await downloads(device, await plan.build(), [h, dwte, dwpe]);
    const wanted = [new Float64Array(b * t * d), new Float64Array(entries * d), new Float64Array(t * d)];
    inputs.forEach((input, r) => {
      for (let e = 0; e < d; e++) {
        wanted[0][r * d + e] = wpe[(r % t) * d + e] + (input < 0 ? 0 : wte[input * d + e]);
        if (input >= 0) wanted[1][input * d + e] += dh[r * d + e];
        wanted[2][(r % t) * d + e] += dh[r * d + e];
      }
    });
    found.forEach((values, i) => {
      expect(worst(values, wanted[i])).toBeLessThan(5e-6);
    });
  });
});
