import { describe, expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { expand } from './expand.ts';
import { reduction } from './rows.ts';
import { downloads, gpuTest, random, result, upload, without } from './testing.ts';

/** A row's sums, maximum and least whole number, as each of its threads is given them. */
const KERNEL = `
@group(0) @binding(#) var<storage, read> x: array<f32>;
@group(0) @binding(#) var<storage, read_write> y: array<array<f32, 5>>;

@compute @workgroup_size(LANES, GROUP / LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  meet();
  let lane = local.y * LANES + local.x;
  let i = group.x * GROUP + lane;
  y[i][0] = sumOf(x[i], lane);
  let pair = sumOfPair(vec2f(x[i], -2.0 * x[i]), lane);
  y[i][1] = pair.x;
  y[i][2] = pair.y;
  y[i][3] = maximumOf(x[i], lane);
  y[i][4] = f32(minimumOf(u32(1000.0 * (x[i] + 1.0)), lane));
}
`;

const GROUPS = 3;

/** A row is a part of a subgroup, one, or several, whatever their size; and, without them, one of two of its workgroup. */
describe.each([1, 3, 4, 8, 12, 32, 64, 256])('a row of %i threads', (lanes) => {
  for (const subgroups of [true, false]) {
    gpuTest(`is told what all of it have ${subgroups ? 'with' : 'without'} subgroups`, async (real) => {
      const device = subgroups ? real : without(real, 'subgroups');
      const plan = new PlanBuilder(device);
      const rows = plan.subgroups || lanes > 64 ? 1 : 2;
      const threads = lanes * rows * GROUPS;
      const x = random(threads, lanes);
      const y = result(device, 5 * threads);
      const code = expand(KERNEL, reduction(plan.subgroups, lanes, rows));
      plan.add({ label: 'reduce', code, ranges: [upload(device, x), y], workgroups: [GROUPS] });
      const built = await plan.build();
      const [found] = await downloads(device, built, [y]);
      for (let i = 0; i < threads; i++) {
        const row = x.subarray(i - (i % lanes), i - (i % lanes) + lanes);
        const sum = row.reduce((a, b) => a + b, 0);
        const [one, first, second, maximum, minimum] = found.subarray(5 * i, 5 * i + 5);
        expect(one).toBeCloseTo(sum, 4);
        expect(first).toBe(one);
        expect(second).toBe(-2 * one);
        expect(maximum).toBe(Math.max(...row));
        expect(minimum).toBe(Math.min(...row.map((v) => Math.trunc(Math.fround(1000 * Math.fround(v + 1))))));
      }
      const [again] = await downloads(device, built, [y]);
      expect(again).toEqual(found);
    });
  }
});
