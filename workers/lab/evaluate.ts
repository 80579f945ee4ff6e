/** Evaluations of models on data sets: one at a time, in short pieces between everything else that the backend does. */
import {
  type EvaluationCalls,
  type EvaluationProgress,
  type EvaluationRequest,
  MAX_VARIANTS,
  type ModelSource,
  type RulerRequest,
} from '../contract.ts';
import type { DatasetHead } from '../data/dataset.ts';
import { encodePixels, paletteBytes } from '../data/palette.ts';
import { reducePictures } from '../data/reduce.ts';
import { shuffled } from '../data/shuffle.ts';
import { splitDataset } from '../data/split.ts';
import { BadInput } from '../errors.ts';
import { type EvaluationData, evaluate, type NumberedPictures, type Subject } from '../evaluate/evaluate.ts';
import { startsOf } from '../evaluate/pictures.ts';
import { middleLayer, Ruler, reductionOf } from '../evaluate/ruler.ts';
import type { EvaluationWork } from '../evaluate/work.ts';
import type { ModelFolder } from '../formats/huggingface.ts';
import { sideOf } from '../igpt/config.ts';
import type { Objective } from '../igpt/objectives.ts';
import { DatasetStore, type StoredDataset } from '../storage/datasets.ts';
import type { Backend } from './backend.ts';
import { openModelBytes, variantsWithin } from './budget.ts';
import { checkSampling } from './complete.ts';
import { Decoding } from './decoding.ts';
import { sourceFolder } from './models.ts';
import { openFeatures, openScorer } from './passes.ts';
import type { ProbesPlace } from './probe.ts';
import { breathe } from './queue.ts';

/** Milliseconds between two messages of progress. */
const UPDATE_MS = 120;
/** Names this use of the seed. */
const PURPOSE = 0xe7a1;
/** Samples that are drawn at once, where memory does for them. */
const SAMPLES = { variants: MAX_VARIANTS, lookAhead: false };

/** Features to compare by: whose, and of which layer. */
export interface RulerModel {
  folder: Pick<ModelFolder, 'config' | 'palette' | 'weights'>;
  objective: Objective;
  layer?: number;
}

export type EvaluationsPlace = ProbesPlace;

export function createEvaluations({ files, models, queue, backend, openWeights }: EvaluationsPlace): EvaluationCalls {
  if (!files) throw new Error('no place for data sets');
  const datasets = new DatasetStore(files());
  let stop = new AbortController();

  const folderOf = (source: ModelSource) => sourceFolder(source, models, openWeights);

  return {
    evaluate: async (request, onProgress, onFound) => {
      const device = backend();
      stop.abort();
      stop = new AbortController();
      const { signal } = stop;
      const started = performance.now();
      const work: EvaluationWork = {
        signal,
        piece: async (job) => {
          await breathe();
          return queue.run(job);
        },
        onProgress: seldomProgress(onProgress),
      };
      const dataset = await datasets.open(request.dataset);
      const folder = await folderOf(request.model);
      const ruler = await rulerOf(request.ruler, folderOf, request.model, folder);
      const data = dataOf(dataset, folder, request, signal);
      const subject = subjectOf(device, folder, request.objective, ruler);
      checkSampling({ ...request.sampling, seed: request.seed, variants: 1, lookAhead: false });
      await evaluate(subject, data, request, work, onFound);
      return { seconds: (performance.now() - started) / 1000 };
    },

    cancelEvaluation: async () => stop.abort(),
  };
}

/** The model itself is not read twice. */
async function rulerOf(
  { model, objective, layer }: RulerRequest,
  folderOf: (source: ModelSource) => Promise<ModelFolder>,
  subject: ModelSource,
  folder: ModelFolder,
): Promise<RulerModel> {
  const isSame = model.kind !== 'files' && JSON.stringify(model) === JSON.stringify(subject);
  return { folder: isSame ? folder : await folderOf(model), objective, layer };
}

/**
 * A model on a device, with what it is compared by.
 * @throws BadInput for a BERT model, and for a layer that the ruler does not have
 */
export function subjectOf(
  device: Backend,
  { config, palette, weights }: ModelFolder,
  objective: Objective,
  ruler: RulerModel,
): Subject {
  if (objective === 'bert') {
    throw new BadInput(
      'This model was trained to foresee hidden pixels from all others: it gives no likelihood in raster order, and draws no ' +
        'pictures.',
    );
  }
  const own = ruler.folder;
  const layer = ruler.layer ?? middleLayer(own.config);
  if (!(Number.isInteger(layer) && layer >= 0 && layer <= own.config.n_layer)) {
    throw new BadInput(`There is no layer ${layer}: this model has the layers 0 to ${own.config.n_layer}.`);
  }
  const reduction = reductionOf(config, palette, paletteBytes(palette));
  return {
    reduction,
    openScorer: () => openScorer(device, config, weights),
    openDecode: async () => {
      const { budget, decoding: way } = device;
      const left = await budget.left();
      const { variants } = variantsWithin(budget, left, config, SAMPLES, way.decodesHalves);
      const held = await budget.hold(() => openModelBytes(config, variants, way.decodesHalves));
      const decoding = new Decoding({ config, weights }, way);
      return {
        decode: (...args) => decoding.decode(...args),
        atOnce: variants,
        dispose: () => {
          decoding.dispose();
          held.release();
        },
      };
    },
    openRuler: async () => {
      const features = await openFeatures(device, own.config, own.weights, ruler.objective);
      return new Ruler(features, layer, reduction, { side: sideOf(own.config), palette: own.palette });
    },
  };
}

/** Pictures of a data set as a model sees them; where all are held back, there are none that were learnt from. */
function dataOf(
  { head, pictures }: StoredDataset,
  { config, palette, starts }: ModelFolder,
  { seed, byClass }: EvaluationRequest,
  signal: AbortSignal,
): EvaluationData {
  const part = (numbers: Uint32Array): NumberedPictures => {
    const order = shuffled(numbers.length, seed ^ PURPOSE, 0).map((place) => numbers[place]);
    const labels = Array.from(order, (number) => head.labels[number]);
    return {
      count: order.length,
      numbers: order,
      starts: startsOf(labels, head.classes, { starts }, byClass),
      tokens: async (from, to) => {
        const rgb = await pictures(order.subarray(from, to), signal);
        return encodePixels(reducePictures(rgb, head.side, sideOf(config)), palette);
      },
    };
  };
  const { train, validation } = parts(head, seed);
  return { heldBack: part(validation), training: part(train) };
}

function parts(head: DatasetHead, seed: number): { train: Uint32Array; validation: Uint32Array } {
  const all = Uint32Array.from({ length: head.count }, (_, number) => number);
  const isLearnt = head.sources.some(({ part }) => part === 'train');
  // To be judged needs no picture to learn from, and a single one is enough.
  return isLearnt && head.count > 1 ? splitDataset(head, seed) : { train: new Uint32Array(0), validation: all };
}

/** Messages to the page cost time: the first and the last of a stage are told, and a few in a second. */
function seldomProgress(onProgress: (progress: EvaluationProgress) => void): (progress: EvaluationProgress) => void {
  let told = { stage: '', at: 0 };
  return (progress) => {
    const now = performance.now();
    const { stage, done, total } = progress;
    if (stage === told.stage && done < total && now - told.at < UPDATE_MS) return;
    told = { stage, at: now };
    onProgress(progress);
  };
}
