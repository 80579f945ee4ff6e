/** `igpt probe`: how well a linear classifier tells classes apart by each layer's features, beside two baselines. */
import { parseArgs } from 'node:util';
import type { ProbeProgress, ProbeResult } from '../workers/contract.ts';
import { BadInput } from '../workers/errors.ts';
import type { Weights } from '../workers/igpt/config.ts';
import { initialWeights } from '../workers/igpt/init.ts';
import { openFeatures } from '../workers/lab/passes.ts';
import { breathe } from '../workers/lab/queue.ts';
import type { ProbeData } from '../workers/probe/labels.ts';
import { probe, probePixels } from '../workers/probe/probe.ts';
import type { Work } from '../workers/probe/work.ts';
import { readLabelled } from './labelled.ts';
import { needed, openFolder, print, start, wholeNumber } from './options.ts';

export const about = "how well a linear classifier tells classes apart by each layer's features";
export const usage =
  'probe --model DIR --train FILES --test FILE [--limit-train N] [--limit-test N] [--objective autoregressive|bert] ' +
  '[--seed S] [--backend wasm|webgpu|cpu] [--json]';

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    // A shell writes `--train *.bin` out as one option and the rest of the files.
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      train: { type: 'string', multiple: true },
      test: { type: 'string', multiple: true },
      'limit-train': { type: 'string' },
      'limit-test': { type: 'string' },
      objective: { type: 'string', default: 'autoregressive' },
      seed: { type: 'string', default: '0' },
      backend: { type: 'string', default: 'wasm' },
      json: { type: 'boolean', default: false },
    },
  });
  const { objective } = values;
  if (objective !== 'autoregressive' && objective !== 'bert') {
    throw new BadInput(`--objective is autoregressive or bert, not ${objective}.`);
  }
  const folder = needed(values.model, 'model');
  const trainFiles = [needed(values.train?.[0], 'train'), ...values.train!.slice(1), ...positionals];
  const testFiles = [needed(values.test?.[0], 'test'), ...values.test!.slice(1)];
  const limit = (name: 'limit-train' | 'limit-test') =>
    values[name] === undefined ? undefined : wholeNumber(values[name], name, 1);
  const [limitTrain, limitTest] = [limit('limit-train'), limit('limit-test')];
  const options = { seed: wholeNumber(values.seed, 'seed') };

  const backend = await start(values.backend);
  const model = await openFolder(folder);
  const train = await readLabelled(trainFiles, model, limitTrain);
  const test = await readLabelled(testFiles, model, limitTest);
  if (String(train.classes) !== String(test.classes)) {
    throw new BadInput('The test pictures have other classes than the training pictures.');
  }
  const data: ProbeData = { train, test, classes: train.classes };
  const say = values.json ? console.error : console.log;
  const work: Work = {
    // Without a breath nobody could stop the program: WebAssembly never waits.
    piece: async (job) => {
      await breathe();
      return job();
    },
    onProgress: logFeatures,
  };

  const curve = async (weights: Weights, name: string): Promise<ProbeResult[]> => {
    const features = await openFeatures(backend, model.gpt.config, weights, objective);
    const results: ProbeResult[] = [];
    for await (const result of probe(features, data, options, work)) {
      say(line(`${name}layer ${result.layers[0]}`, result));
      results.push(result);
    }
    features.dispose();
    return results;
  };

  const layers = await curve(model.weights, '');
  const pixels = await probePixels(data, model.palette, options, work);
  say(line('raw pixels', pixels));
  const untrained = await curve(initialWeights(model.gpt.config, options.seed), 'untrained, ');
  const best = bestOf(layers);
  print(
    values.json,
    {
      layers: layers.map(asJson),
      best: asJson(best),
      baselines: {
        pixels: asJson(pixels),
        untrained: { layers: untrained.map(asJson), best: asJson(bestOf(untrained)) },
      },
      adapter: backend.report.adapter,
      data: { train: train.reading, test: test.reading },
    },
    [`${line(`best: layer ${best.layers[0]}`, best)}; learnt from ${train.labels.length} pictures`],
  );
}

function logFeatures(progress: ProbeProgress): void {
  if (progress.stage !== 'features') return;
  const { done, total } = progress;
  if (done % 1000 === 0 || done === total) console.error(`${done} of ${total} pictures have gone through the model.`);
}

const bestOf = (results: ProbeResult[]): ProbeResult => results.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));

const line = (name: string, { accuracy, standardError, strength, converged }: ProbeResult): string =>
  `${name}: ${(100 * accuracy).toFixed(2)} ± ${(100 * standardError).toFixed(2)} % (C = ${strength}` +
  `${converged ? '' : ', not converged'})`;

const asJson = ({ layers: [layer], accuracy, standardError, strength, converged }: ProbeResult) => ({
  layer,
  accuracy,
  standard_error: standardError,
  c: strength,
  converged,
});
