/** The most arithmetic that this device was measured to do, in operations a second; remembered, for it takes a moment. */
import * as v from 'valibot';
import { adapterName } from '../../contract.ts';
import { measureSimd } from '../../simd/speed.ts';
import type { Backend } from '../backend.ts';

/** Rises when how it is measured changes so much that old measurements mislead. */
const VERSION = 2;
/** A software adapter is slow enough to be measured on a short product. */
const SOFTWARE_MS = 20;

const positive = v.pipe(v.number(), v.gtValue(0));

/** 0 where neither the engine nor the SIMD kernels train. */
export async function peakOf({ training, memory }: Pick<Backend, 'training' | 'memory'>): Promise<number> {
  if (training.by === 'reference') return 0;
  if (training.by === 'simd') return (await measureSimd()).training;
  const { software, device, info } = training.gpu;
  const key = `peak ${VERSION} ${adapterName(info)}`;
  const kept = v.safeParse(positive, await memory?.get(key).catch(() => undefined));
  if (kept.success) return kept.output;
  const [{ measuredPeak }, { tuningFor }, { TILES }] = await Promise.all([
    import('../../engine/peak.ts'),
    import('../../engine/tuning.ts'),
    import('../../engine/kernels/matmul.ts'),
  ]);
  const tiles = software ? [tuningFor(true).training.tiles.nn] : TILES;
  const { flops } = await measuredPeak(device, tiles, software ? SOFTWARE_MS : undefined);
  await memory?.set(key, flops).catch(() => undefined);
  return flops;
}
