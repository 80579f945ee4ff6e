/** Decoding on WebGPU: the engine's recorded plan against tfjs without and with a cache, jax-js and onnxruntime-web. */
import { adapterName } from '../../workers/engine/device.ts';
import { sideOf } from '../../workers/igpt/config.ts';
import { decode as byReference } from '../../workers/igpt/decode.ts';
import { ImageGPT } from '../../workers/igpt/reference.ts';
import { inTurn, type Measured, type Sample, sentence } from '../measure.ts';
import type { CacheKind } from '../onnx/igpt.ts';
import type { Jax, Ort } from '../peers.ts';
import { compare, largestDifference, type Outcome, voided } from '../rows.ts';
import { completing, type DecodingSide, fastest, stepping } from '../sides/decoder.ts';
import { ownDevice, tfjsOnWebgpu } from '../sides/devices.ts';
import { engineDecoder } from '../sides/engine.ts';
import { startJax } from '../sides/jaxjs.ts';
import { jaxStepper } from '../sides/jaxjs-decode.ts';
import { naive } from '../sides/naive.ts';
import { ortStepper } from '../sides/ort.ts';
import { prefixOf } from '../sides/prefix.ts';
import { WARM_MS } from '../sides/trainer.ts';
import { weightsOf } from '../workload.ts';
import type { Context } from './suite.ts';

export async function decode(context: Context): Promise<void> {
  const { platform, workload, quick, wanted, emit, effort, begin, log } = context;
  const open = await ownDevice(platform);
  const place = { env: platform.env, adapter: adapterName(open.info) };
  const row = (peer: string) => `decode-${workload.name}-vs-${peer}`;
  await tfjsOnWebgpu(platform);
  const prefix = await prefixOf(workload);
  const model = new ImageGPT(workload.config, weightsOf(workload.config));
  const reference: DecodingSide = completing((...a) => byReference(model, ...a), workload, prefix);
  const engine = await engineDecoder(open, workload);

  let ortHow = '';
  const peers: Record<string, () => Promise<DecodingSide>> = {
    jaxjs: async () => {
      const jax = await startJax((await platform.load('jax')) as Jax, 'webgpu');
      return stepping(jaxStepper(jax, workload, prefix), workload, prefix);
    },
    ort: async () => {
      const ort = (await platform.load('ort-webgpu')) as Ort;
      // On a software adapter the growing cache is known to be the faster one; a GPU is asked.
      const kinds: CacheKind[] = open.software ? ['growing'] : ['growing', 'static'];
      const [side, cache] = await fastest(kinds, async (kind) => {
        const options = { provider: 'webgpu', cache: kind, threads: platform.threads } as const;
        return stepping(await ortStepper(ort, workload, prefix, options), workload, prefix);
      });
      ortHow = `A ${cache} cache, kept on the GPU; build onnxruntime-web/webgpu.`;
      return side;
    },
    'tfjs-kv': async () => reference,
  };
  const sides = {
    ours: async () => completing((...a) => engine.decode(...a), workload, prefix),
    ...Object.fromEntries(Object.entries(peers).filter(([peer]) => wanted(row(peer)))),
  };
  const results = await decodingRates(context, sides);
  const ours = results.get('ours')!.outcome;
  for (const peer of Object.keys(peers)) {
    const { outcome, note } = results.get(peer) ?? {};
    const how = peer === 'ort' ? `${note} ${ortHow}` : note;
    if (outcome) emit(compare(place, row(peer), 'tokens/s', ours, outcome, how!));
  }
  if (!wanted(row('tfjs-naive'))) return;
  const pixels = open.software ? 1 : 8;
  const whole = naive(model, workload, prefix, pixels);
  const sample = async () => {
    begin();
    return whole();
  };
  const [slow] = (await inTurn([{ name: 'naive', sample }], { ...effort, rounds: quick ? 1 : 2 })).values();
  log(`tfjs-naive: ${JSON.stringify(slow)}`);
  const how = `Peer decodes ${pixels} of the ${workload.config.n_positions - workload.given} pixels a sample, ${slow.samples} samples, the shaders warm from the cached decoder.`;
  emit(compare(place, row('tfjs-naive'), 'tokens/s', ours, slow.outcome, how));
}

export interface Decoded {
  outcome: Outcome;
  note: string;
}

/**
 * Builds every side, compares the nats of the same pixels with ours, and measures them in turn, each so many rows a
 * sample as its first row lets expect. A peer that differs by more than 1e-3 has no number.
 */
export async function decodingRates(
  { workload, effort, begin, log }: Context,
  sides: Record<string, () => Promise<DecodingSide>>,
): Promise<Map<string, Decoded>> {
  const rowsInAll = (workload.config.n_positions - workload.given) / sideOf(workload.config);
  const nats = new Map<string, number[]>();
  const rows = new Map<string, number>();
  const failed = new Map<string, string>();
  const ready: { name: string; sample: () => Promise<Sample> }[] = [];
  for (const [name, make] of Object.entries(sides)) {
    try {
      begin();
      const side = await make();
      nats.set(name, await side.nll());
      const start = performance.now();
      let first = await side.sample(1);
      while (performance.now() - start < WARM_MS) first = await side.sample(1);
      const enough = Math.floor(effort.milliseconds / effort.rounds / first.milliseconds);
      rows.set(name, Math.min(rowsInAll, Math.max(1, enough)));
      ready.push({ name, sample: () => side.sample(rows.get(name)!) });
      log(
        `${name}: nats ${nats
          .get(name)!
          .map((x) => x.toFixed(4))
          .join(', ')}; a row in ${first.milliseconds.toFixed(0)} ms`,
      );
    } catch (error) {
      failed.set(name, sentence(error));
      log(`${name}: ${failed.get(name)}`);
    }
  }
  const measured: Map<string, Measured> = await inTurn(ready, effort);
  const reference = nats.get('ours');
  return new Map(
    Object.keys(sides).map((name) => {
      const result = measured.get(name);
      if (!result) return [name, { outcome: { failure: failed.get(name)! }, note: '' }];
      log(`${name}: ${'value' in result.outcome ? result.outcome.value.toFixed(1) : result.outcome.failure} tokens/s`);
      const difference = reference ? largestDifference(reference, nats.get(name)!) : Number.NaN;
      const part = rows.get(name)! < rowsInAll ? `Peer decodes ${rows.get(name)} of ${rowsInAll} rows a sample. ` : '';
      const note = `${part}Log-probabilities agree within ${difference.toPrecision(1)}. Median of ${result.samples} (ours ${measured.get('ours')?.samples ?? 0}).`;
      return [name, { outcome: voided(result.outcome, difference, 1e-3, 'log-probabilities'), note }];
    }),
  );
}
