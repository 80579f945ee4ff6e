/** The lab: one backend, one current model, one job at a time. The page reaches it through Comlink, the CLI directly. */
import * as tf from '@tensorflow/tfjs-core';
import type { Lab, Sampling } from '../contract.ts';
import { encodePixels } from '../data/palette.ts';
import { readPicture } from '../data/picture.ts';
import { BadInput } from '../errors.ts';
import { type Config, parameterCount, SOS } from '../igpt/config.ts';
import { memoryOf } from '../igpt/memory.ts';
import { filesWithin } from '../storage/within.ts';
import { type Backend, type Platform, startBackend } from './backend.ts';
import { benchmark } from './benchmark.ts';
import { Budget, type Holder, openModelBytes, variantsWithin } from './budget.ts';
import { complete } from './complete.ts';
import { type DataPlaces, datasetCalls } from './dataset-calls.ts';
import { Decoding } from './decoding.ts';
import type { ShippedModels } from './download.ts';
import { evaluationCalls } from './evaluation-calls.ts';
import { modelCalls } from './model-calls.ts';
import { folderOf, fromFolder, type OpenModel, openModel } from './models.ts';
import { probeCalls } from './probe-calls.ts';
import { Queue } from './queue.ts';
import { trainingCalls } from './training-calls.ts';

export function createLab(place: Platform & DataPlaces & { models: ShippedModels }): Lab {
  const platform = { ...place, files: place.files && (() => filesWithin(place.files!(), leftInMemory)) };
  const queue = new Queue();
  let backend: Backend | undefined;
  /** What the model in use counts for. */
  let held: Holder | undefined;
  let model: (OpenModel & { decoding: Decoding }) | undefined;
  let completion = new AbortController();
  let lost: string | undefined;
  let tellLost: ((message: string) => void) | undefined;

  const leftInMemory = async () => backend?.budget.left() ?? Number.POSITIVE_INFINITY;

  /** Bytes of files that are kept in memory because nothing else keeps them. */
  const inMemory = async () => {
    const files = platform.files?.();
    return files && !(await files.lasts()) ? (await files.use()).used : 0;
  };

  const halves = () => started().decoding.decodesHalves;

  /** Bytes of what the model in use decodes with, beside its weights as they were read. */
  const decoderBytes = () =>
    model?.decoding.isReady
      ? openModelBytes(model.gpt.config, model.decoding.pictures, halves()) - weightBytes(model)
      : 0;

  /**
   * @throws BadInput for a model of which not even one picture could be completed within what the
   * page may hold
   */
  const allow = async (config: Config, fileBytes: number) => {
    const { budget } = started();
    const bytes = memoryOf(config, fileBytes, { pictures: 1, half: halves() });
    budget.refuse('This model', bytes, await budget.left());
    await budget.makeWay(bytes);
  };

  /** With as many variants as what the page may hold allows. */
  const cut = async (sampling: Sampling) => {
    const { budget } = started();
    return variantsWithin(budget, await budget.left(held), current().gpt.config, sampling, halves());
  };

  const current = () => {
    if (lost) throw new Error(lost);
    if (!model) throw new BadInput('No model is open yet.');
    return model;
  };

  const started = () => {
    if (lost) throw new Error(lost);
    if (!backend) throw new BadInput('Nothing has been started yet.');
    return backend;
  };

  const { openWeights, ...training } = trainingCalls({
    files: platform.files,
    queue,
    backend: started,
    current: () => folderOf(current()),
  });

  const judging = { files: platform.files, models: platform.models, queue, backend: started, openWeights };

  return {
    ...datasetCalls(platform),
    ...training,
    ...modelCalls({ files: platform.files, queue, backend: started, current }),
    ...probeCalls(judging),
    ...evaluationCalls(judging),

    start: (wish, memory) =>
      queue.run(async () => {
        const budget = new Budget(memory);
        await budget.hold(inMemory);
        held = await budget.hold(() => (model ? weightBytes(model) : 0));
        budget.offer(decoderBytes, () => model?.decoding.dispose());
        backend = await startBackend({ ...platform, budget }, wish, (message) => {
          if (lost) return;
          lost = message;
          tellLost?.(message);
        });
        const lasts = await platform.files?.().lasts();
        return { ...backend.report, keepsNothing: lasts === false };
      }),

    openModel: async (source, onProgress) => {
      // A run that is being trained takes its own turn to give its weights.
      const run = source.kind === 'run' ? await openWeights(source.run, source.which) : undefined;
      return queue.run(async () => {
        const compute = started().decoding;
        if (run) await allow(run.folder.config, 4 * parameterCount(run.folder.config));
        const next =
          source.kind === 'run'
            ? fromFolder(run!.folder, 'run', run!.name)
            : await openModel(source, platform.models, onProgress, allow);
        const decoding = new Decoding({ config: next.gpt.config, weights: next.weights }, compute);
        try {
          await decoding.prepare().catch(async () => {
            // The model in use may be in the way; what it has on the GPU is made again when it is next wanted.
            model?.decoding.dispose();
            await decoding.prepare();
          });
        } catch (error) {
          next.gpt.dispose();
          throw error;
        }
        model?.decoding.dispose();
        model?.gpt.dispose();
        model = { ...next, decoding };
        return next.info;
      });
    },

    readPicture: async (file) => {
      const { info, palette } = current();
      const { rgb, note } = await readPicture(file, info.side);
      return { tokens: encodePixels(rgb, palette), note };
    },

    complete: (request, onUpdate) => {
      completion.abort();
      completion = new AbortController();
      const { signal } = completion;
      return queue.run(() => {
        const { decoding } = current();
        return complete((...args) => decoding.decode(...args), request, onUpdate, signal, cut);
      });
    },

    cancel: async () => completion.abort(),

    score: (tokens, start) =>
      queue.run(() => current().decoding.score(wholePicture(tokens, current()), startIn(start, current()))),

    classify: (tokens) =>
      queue.run(async () => {
        const { classify } = await import('./classify.ts');
        return classify(started(), current(), wholePicture(tokens, current()));
      }),

    attention: (tokens, layer, head, start) =>
      queue.run(async () => {
        const { gpt, info } = current();
        if (!(layer >= 0 && layer < info.layers && head >= 0 && head < info.heads)) {
          throw new BadInput(`This model has no head ${head} in a layer ${layer}.`);
        }
        const x = tf.tensor2d(Int32Array.from(wholePicture(tokens, current())), [1, tokens.length], 'int32');
        const weights = gpt.attention(x, layer, head, [startIn(start, current())]);
        const values = (await weights.data()) as Float32Array;
        tf.dispose([x, weights]);
        return values;
      }),

    benchmark: (onRow) =>
      queue.run(async () => {
        await benchmark(started(), onRow);
      }),

    onLost: async (callback) => {
      tellLost = callback;
      if (lost) callback(lost);
    },
  };
}

/** Bytes of a model's weights as they were read, in f32. */
const weightBytes = ({ gpt }: Pick<OpenModel, 'gpt'>): number => 4 * parameterCount(gpt.config);

/** What a picture begins with. */
function startIn(start: number | undefined, { info: { starts = [] } }: OpenModel): number {
  if (start === undefined || start === SOS) return SOS;
  if (starts[start] === undefined) throw new BadInput(`This model knows no class ${start} to begin a picture with.`);
  return start;
}

function wholePicture(tokens: Int16Array, { info }: OpenModel): Int16Array {
  const colours = info.palette.length / 3;
  if (tokens.length !== info.side ** 2 || tokens.some((t) => t < 0 || t >= colours)) {
    throw new BadInput(`A whole picture of ${info.side} × ${info.side} pixels is needed.`);
  }
  return tokens;
}
