/**
 * `igpt train`: the trainer of the page in Node. The folder that it writes holds what a browser's private files would, the data
 * set and the run, so that a run that was stopped goes on; the trained model as a Hugging Face folder; and what it drew.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  FINE_TUNING_RATE,
  type ModelSize,
  type Recipe,
  type RunInfo,
  type TrainingUpdate,
  USUAL_RECIPE,
} from '../workers/contract.ts';
import { BadInput } from '../workers/errors.ts';
import { writeModelFolder } from '../workers/formats/huggingface.ts';
import { PRESETS, type PresetName } from '../workers/igpt/config.ts';
import { createDatasets } from '../workers/lab/datasets.ts';
import { folderOf, type OpenModel } from '../workers/lab/models.ts';
import { Queue } from '../workers/lab/queue.ts';
import { createRuns, type Runs } from '../workers/lab/runs.ts';
import { folderFiles } from '../workers/storage/folder.ts';
import { incoming, logReading, needed, openFolder, start, wholeNumber } from './options.ts';
import { sheet } from './sheet.ts';

export const about =
  'trains a model on labelled or unlabelled pictures, from a preset or from a model, and goes on where it was stopped';
export const usage =
  'train --data FILES (--preset NAME | --from MODEL_DIR) --out DIR [--classes] [--classify] [--generative W] [--patience N] [--steps N] ' +
  '[--batch B] [--seed S] [--side PIXELS] [--colours K | --palette MODEL_DIR] [--objective autoregressive|bert] ' +
  '[--precision f32|f16] [--rate R] [--warmup N] [--crop PIXELS] [--validate-every N] ' +
  '[--validation-pictures N] [--sample-every N] [--probe-every N] [--save-every N] [--keep-every N] [--backend wasm|webgpu|cpu] [--json]';

/** Numbers of the recipe by option. */
const NUMBERS = {
  steps: 'steps',
  batch: 'batch',
  seed: 'seed',
  warmup: 'warmup',
  crop: 'crop',
  patience: 'patience',
  'validate-every': 'validateEvery',
  'validation-pictures': 'validationPictures',
  'sample-every': 'sampleEvery',
  'probe-every': 'probeEvery',
  'save-every': 'saveEvery',
  'keep-every': 'keepEvery',
} as const satisfies Record<string, keyof Recipe>;

export async function run(args: string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    // A shell writes `--data *.bin` out as one option and the rest of the files.
    allowPositionals: true,
    options: {
      data: { type: 'string', multiple: true },
      preset: text,
      from: text,
      classes: { type: 'boolean', default: false },
      classify: { type: 'boolean', default: false },
      generative: text,
      out: text,
      side: text,
      colours: { type: 'string', default: '512' },
      palette: text,
      objective: text,
      precision: text,
      rate: text,
      backend: { type: 'string', default: 'wasm' },
      json: { type: 'boolean', default: false },
      ...(Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, text])) as Record<
        keyof typeof NUMBERS,
        typeof text
      >),
    },
  });
  const out = resolve(needed(values.out, 'out'));
  const paths = [needed(values.data?.[0], 'data'), ...values.data!.slice(1), ...positionals];
  const recipe: Recipe = { ...USUAL_RECIPE, probeEvery: 0, classify: values.classify, byClass: values.classes };
  if (values.from !== undefined) recipe.rate = FINE_TUNING_RATE;
  for (const [option, key] of Object.entries(NUMBERS)) {
    const value = values[option as keyof typeof NUMBERS];
    if (value !== undefined) recipe[key] = wholeNumber(value, option);
  }
  if (values.rate !== undefined) recipe.rate = Number(values.rate);
  if (values.generative !== undefined) recipe.generative = Number(values.generative);
  if (values.objective !== undefined) recipe.objective = values.objective as Recipe['objective'];
  if (values.precision !== undefined) recipe.precision = values.precision as Recipe['precision'];

  const backend = await start(values.backend);
  const model = values.from === undefined ? undefined : await openFolder(values.from);
  const size = model ? sizeOfModel(model, values.side) : sizeOf(needed(values.preset, 'preset'), values.side);
  await mkdir(out, { recursive: true });
  const files = () => folderFiles(out);
  const current = model && (() => folderOf(model));
  const runs = createRuns({ files, queue: new Queue(), backend: () => backend, current });
  const say = reporter(values.json);

  const [former] = await runs.listRuns();
  if (former) {
    refuseOther(former, size, recipe, out);
    console.error(`Going on with the run in ${out} from step ${former.step}.`);
    await finished((hear) => runs.resumeRun(former.id, hear), say);
    return end(runs, former.id, out, values.json);
  }
  const datasets = createDatasets({ files });
  const { id: dataset, skipped, damaged, notes } = await datasets.addDataset(await incoming(paths), () => {});
  logReading({ skipped, damaged, notes });
  if (values.json && [skipped, damaged, notes].some((list) => list?.length)) {
    console.log(JSON.stringify({ data: { skipped, damaged, notes } }));
  }
  const palette = model?.palette ?? (await paletteFor(datasets, dataset, size, recipe, values.colours, values.palette));
  const from = model && ({ kind: 'current' } as const);
  if (model?.info.starts && !recipe.byClass) {
    console.error('The model begins pictures with classes, and this run leaves them behind: --classes keeps them.');
  }
  const name = `${values.preset ?? values.from} on ${paths.length === 1 ? paths[0] : `${paths.length} files`}`.slice(
    0,
    80,
  );
  const { id } = await finished((hear) => runs.startRun({ name, dataset, size, palette, recipe, from }, hear), say);
  await end(runs, id, out, values.json);
}

function sizeOf(preset: string, side: string | undefined): ModelSize {
  const known = PRESETS[preset as PresetName];
  if (!known) throw new BadInput(`--preset is one of ${Object.keys(PRESETS).join(', ')}, not ${preset}.`);
  const pixels = side === undefined ? known.sides[0] : wholeNumber(side, 'side', 2);
  return { layers: known.n_layer, width: known.n_embd, heads: known.n_head, side: pixels };
}

/** Of a model to go on from; a side that is asked for has to be its own, which is checked with the rest. */
function sizeOfModel({ info: { layers, width, heads, side } }: OpenModel, asked: string | undefined): ModelSize {
  return { layers, width, heads, side: asked === undefined ? side : wholeNumber(asked, 'side', 2) };
}

async function paletteFor(
  datasets: ReturnType<typeof createDatasets>,
  dataset: string,
  { side }: ModelSize,
  { seed }: Recipe,
  colours: string,
  model: string | undefined,
): Promise<Float32Array> {
  if (model !== undefined) return (await openFolder(model)).palette;
  console.error('Fitting a palette.');
  const request = { dataset, colours: wholeNumber(colours, 'colours', 2), side, seed };
  return (await datasets.fitPalette(request, () => {})).palette;
}

/** A run goes on as it was begun, or not at all. */
function refuseOther(former: RunInfo, size: ModelSize, recipe: Recipe, out: string): void {
  const same = JSON.stringify([former.size, former.recipe]) === JSON.stringify([size, recipe]);
  if (!same) {
    throw new BadInput(`${out} holds a run of another size or recipe: give the same options, or another folder.`);
  }
}

/** Resolves at the end of the run; rejects if it pauses by itself. */
async function finished(
  begin: (hear: (update: TrainingUpdate) => void) => Promise<RunInfo>,
  say: (update: TrainingUpdate) => void,
): Promise<RunInfo> {
  return new Promise((resolve, reject) => {
    const hear = (update: TrainingUpdate) => {
      say(update);
      const { phase, note } = update.info;
      if (phase === 'finished') resolve(update.info);
      if (phase === 'paused' && note) reject(new BadInput(note));
    };
    begin(hear).catch(reject);
  });
}

/** Progress for people, a line where a run was judged; or a JSON line a step and a judgement for machines. */
function reporter(json: boolean): (update: TrainingUpdate) => void {
  let problem: string | undefined;
  return ({ info, from, news, tokensPerSecond }) => {
    if (info.probeProblem && info.probeProblem !== problem) {
      problem = info.probeProblem;
      console.error(problem);
    }
    const given = info.starts.length > 0 ? ' given their class' : '';
    const { chance, pixels, probes } = news.probe ?? { probes: [] };
    if (json) {
      news.loss.forEach((loss, i) => {
        const row = {
          step: from + i + 1,
          loss,
          gradient_norm: news.gradientNorm[i],
          rate: news.rate[i],
          seconds: news.seconds[i],
          ...(news.classes && { class_loss: news.classes.loss[i], accuracy: news.classes.accuracy[i] }),
        };
        console.log(JSON.stringify(row));
      });
      for (const { step, loss, classes } of news.validations) {
        const told = classes && { validation_class_loss: classes.loss, validation_accuracy: classes.accuracy };
        console.log(JSON.stringify({ step, validation: loss, ...told }));
      }
      for (const { step, seconds, accuracy } of probes) {
        const beside = { raw_pixels: pixels?.accuracy, chance, probe_seconds: seconds };
        console.log(JSON.stringify({ step, probe: [...accuracy], ...beside }));
      }
      return;
    }
    for (const { step, loss, classes } of news.validations) {
      const told = classes ? `, ${(100 * classes.accuracy).toFixed(2)} % in the right class` : '';
      const left = ((info.recipe.steps - step) * info.seconds) / Math.max(1, step);
      console.log(
        `step ${step} of ${info.recipe.steps}: ${loss.toFixed(4)} nats/pixel on held-out pictures${given}${told}; ` +
          `${tokensPerSecond.toFixed(0)} tokens/s, ${Math.ceil(left / 60)} min left`,
      );
    }
    for (const { step, accuracy } of probes) {
      const most = Math.max(...accuracy);
      const percent = (share = 0) => `${(100 * share).toFixed(1)} %`;
      console.log(
        `step ${step}: layer ${accuracy.indexOf(most)} tells most classes, ${percent(most)} of the pictures ` +
          `(raw pixels ${percent(pixels?.accuracy)}, guessing ${percent(chance)})`,
      );
    }
  };
}

/** Writes the model, of classes the one that told them best and else the last one, and how well it judged. */
async function end(runs: Runs, id: string, out: string, json: boolean): Promise<void> {
  const info = (await runs.listRuns()).find((run) => run.id === id)!;
  const { recipe, step, validation, best } = info;
  const { side } = info.size;
  const which = recipe.classify && best ? 'best' : 'last';
  const { folder } = await runs.openWeights(id, which);
  const model = join(out, 'model');
  await mkdir(model, { recursive: true });
  for (const [name, bytes] of writeModelFolder(folder, 'F32')) await writeFile(join(model, name), bytes);
  for (const { step, tokens } of (await runs.runHistory(id)).samples) {
    const pictures = Array.from({ length: tokens.length / side ** 2 }, (_, i) =>
      tokens.subarray(i * side * side, (i + 1) * side * side),
    );
    await writeFile(join(out, `drawn-at-${step}.png`), sheet(pictures, side, info.palette));
  }
  if (json) console.log(JSON.stringify({ done: step, validation, best, model }));
  else {
    const told = best?.classes
      ? ` At best ${(100 * best.classes.accuracy).toFixed(2)} % were in the right class, at step ${best.step}.`
      : '';
    console.log(`${step} steps; the model is in ${model}.${told}`);
  }
}
