import { expect, it } from 'vitest';
import { presetConfig } from '../igpt/config.ts';
import { openDawn } from './dawn.ts';
import { type Abilities, dryDevice } from './dry-device.ts';
import { attention } from './kernels/attention.ts';
import { matmul, TILES } from './kernels/matmul.ts';
import { PlanBuilder } from './plan.ts';
import { EngineTrainer } from './trainer.ts';
import { GPU_TUNING, SOFTWARE_TUNING } from './tuning.ts';

await openDawn(); // for the constants of WebGPU that recording uses

/** What every device has, but for the changes. */
const device = (changes: Partial<Abilities['limits']> = {}): GPUDevice =>
  dryDevice({
    features: new Set(),
    limits: {
      maxBufferSize: 2 ** 28,
      maxStorageBufferBindingSize: 2 ** 27,
      maxStorageBuffersPerShaderStage: 8,
      maxComputeWorkgroupsPerDimension: 65_535,
      maxComputeInvocationsPerWorkgroup: 256,
      maxComputeWorkgroupStorageSize: 16_384,
      ...changes,
    },
  });

function product(plan: PlanBuilder, m: number, n: number, k: number, tile = TILES[6]): PlanBuilder {
  const [a, b, c] = [plan.temporary('a', m * k), plan.temporary('b', k * n), plan.temporary('c', m * n)];
  matmul(plan, tile, { label: 'product', m, n, k, a, b, c });
  return plan;
}

it('refuses what the device cannot do, with the number', async () => {
  const refused = (changes: Partial<Abilities['limits']>, m = 128, tile = TILES[6]) =>
    expect(product(new PlanBuilder(device(changes)), m, 128, 128, tile).build()).rejects;
  await refused({ maxComputeWorkgroupStorageSize: 8192 }).toThrow(
    new RangeError('product: a workgroup shares 12288 bytes, but this device has at most 8192.'),
  );
  await refused({ maxComputeInvocationsPerWorkgroup: 64 }).toThrow(
    new RangeError('product: a workgroup needs 128 threads, but this device has at most 64.'),
  );
  await refused({ maxStorageBuffersPerShaderStage: 2 }).toThrow(
    new RangeError('product: 3 buffers are needed, but this device binds at most 2.'),
  );
  await refused({ maxStorageBufferBindingSize: 60_000 }).toThrow(
    new RangeError('product: a needs 65536 bytes, but this device binds at most 60000.'),
  );
  await refused({ maxComputeWorkgroupsPerDimension: 7 }, 1024).toThrow(
    new RangeError('product: 8 workgroups are needed, but this device starts at most 7.'),
  );
});

it('refuses a head whose width divides among more threads than a workgroup has', async () => {
  const plan = new PlanBuilder(device());
  const [hd, t] = [4 * 1009, 4];
  const [qkv, out, lse] = [plan.temporary('qkv', 3 * t * hd), plan.temporary('out', t * hd), plan.temporary('lse', t)];
  attention(plan, GPU_TUNING.training.attention, {
    label: 'attention',
    b: 1,
    t,
    h: 1,
    hd,
    causal: true,
    qkv,
    out,
    lse,
  });
  await expect(plan.build()).rejects.toThrow(
    new RangeError('attention: a workgroup needs 1009 threads, but this device has at most 256.'),
  );
});

it('serves every tile and heads of any usual width with what every device has', async () => {
  for (const tile of TILES) await product(new PlanBuilder(device()), 256, 256, 256, tile).build();
  for (const width of [16, 32, 64, 96, 128, 192]) {
    for (const { training } of [GPU_TUNING, SOFTWARE_TUNING]) {
      const config = { ...presetConfig('nano', 16), n_embd: 2 * width, n_head: 2 };
      expect(await EngineTrainer.bytesFor(device(), config, 2, { tuning: training })).toBeGreaterThan(0);
    }
  }
});
