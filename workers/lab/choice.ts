/**
 * Which way of computing serves decoding and which training: measured on this device, not assumed, and remembered for
 * the next visit. A GPU usually wins both; a software adapter loses both; an old GPU may lose decoding alone.
 */
import * as v from 'valibot';
import type { Memory } from '../compute/compute.ts';
import { adapterName } from '../contract.ts';
import type { OpenDevice } from '../engine/device.ts';
import { measureEngine } from '../engine/speed.ts';
import { tuningFor } from '../engine/tuning.ts';
import type { Speed } from '../igpt/speed.ts';
import { hasSimd } from '../simd/kernels.ts';
import { measureSimd } from '../simd/speed.ts';

export interface Speeds {
  engine: Speed;
  simd: Speed;
}

const NONE: Speed = { decoding: 0, training: 0 };
const speed = v.object({ decoding: v.pipe(v.number(), v.minValue(0)), training: v.pipe(v.number(), v.minValue(0)) });
const speeds = v.object({ engine: speed, simd: speed });

/** Rises when kernels, or how they are timed, change so much that old measurements mislead. */
const VERSION = 2;

/** Both ways' speeds on this device, from memory or measured now; a memory that fails is done without. @throws if the device is lost meanwhile */
export async function speedsOf(open: OpenDevice, memory?: Memory): Promise<Speeds> {
  // A browser's settings may take SIMD away that was measured, or bring it back.
  const key = `speeds ${VERSION} ${adapterName(open.info)}${hasSimd() ? '' : ' without SIMD'}`;
  const kept = v.safeParse(speeds, await memory?.get(key).catch(() => undefined));
  if (kept.success) return kept.output;
  const simd = hasSimd() ? await measureSimd() : NONE;
  const lost = open.device.lost.then(({ message }) => Promise.reject(new Error(`its device was lost. ${message}`)));
  // A lost device does nothing, and that in no time: it must not be taken for a fast one.
  const engine = await Promise.race([measureEngine(open.device, tuningFor(open.software)), lost]);
  await memory?.set(key, { engine, simd }).catch(() => undefined);
  return { engine, simd };
}

/** "41 against 0.9 GFLOP/s": the winner's figure first. */
export function comparison(winner: number, loser: number): string {
  const figure = (flops: number) => Number((flops / 1e9).toPrecision(2));
  return `${figure(winner)} against ${figure(loser)} GFLOP/s`;
}
