import { describe, expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { type Matmul, matmul, TILES } from './matmul.ts';
import { download, gpuTest, random, upload, worst } from './testing.ts';

const gelu = (x: number) => x / (1 + Math.exp(-1.702 * x));
const geluGrad = (x: number) => {
  const s = 1 / (1 + Math.exp(-1.702 * x));
  return s * (1 + 1.702 * x * (1 - s));
};

/** Multiples of 4 but none of a tile, with two tiles each way and K not even; then multiples of nothing. */
const sizes = [
  { m: 132, n: 72, k: 44 },
  { m: 7, n: 13, k: 5 },
];
const layouts = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
];

const EPILOGUES = ['none', 'bias', 'residual', 'geluGradAt', 'activated'] as const;

describe.each(TILES)('matmul with tile %o', (tile) => {
  for (const size of sizes) {
    for (const layout of layouts) {
      const few = tile === TILES[0] ? EPILOGUES : EPILOGUES.slice(0, 1);
      for (const epilogue of few) {
        const { m, n, k } = size;
        const name = `${layout.transposeA ? 'T' : 'N'}${layout.transposeB ? 'T' : 'N'} ${m}×${n}×${k}, ${epilogue}`;
        gpuTest(`agrees with float64: ${name}`, async (device) => {
          const [a, b, bias, extra] = [random(m * k, 1), random(k * n, 2), random(n, 3), random(m * n, 4)];
          const expected = new Float64Array(m * n);
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              let sum = 0;
              for (let p = 0; p < k; p++) {
                const x = a[layout.transposeA ? p * m + i : i * k + p];
                sum += x * b[layout.transposeB ? j * k + p : p * n + j];
              }
              if (epilogue === 'bias') sum += bias[j];
              if (epilogue === 'residual') sum += extra[i * n + j];
              if (epilogue === 'geluGradAt') sum *= geluGrad(extra[i * n + j]);
              expected[i * n + j] = epilogue === 'activated' ? gelu(sum) : sum;
            }
          }
          const plan = new PlanBuilder(device);
          const c = plan.temporary('c', m * n);
          const activated = epilogue === 'activated' ? plan.temporary('activated', m * n) : undefined;
          const product: Matmul = {
            label: 'product',
            ...size,
            ...layout,
            a: upload(device, a),
            b: upload(device, b),
            c,
            bias: epilogue === 'bias' ? upload(device, bias) : undefined,
            residual: epilogue === 'residual' ? upload(device, extra) : undefined,
            geluGradAt: epilogue === 'geluGradAt' ? upload(device, extra) : undefined,
            activated,
          };
          matmul(plan, tile, product);
          const found = await download(device, await plan.build(), activated ?? c);
          expect(worst(found, expected)).toBeLessThan(1e-6 * Math.sqrt(k) * 8);
        });
      }
    }
  }
});
