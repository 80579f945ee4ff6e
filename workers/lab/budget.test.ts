/**
 * What a page may hold: what is counted, and what is cut or refused, in numbers and as the page
 * sees it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import { type CompletionUpdate, type Lab, type ModelSource, type Sampling, USUAL_RECIPE } from '../contract.ts';
import { presetConfig } from '../igpt/config.ts';
import { passBytes } from '../igpt/memory.ts';
import { memoryFiles } from '../storage/memory.ts';
import { Budget, batchWithin, besideTrainer, openModelBytes, variantsWithin } from './budget.ts';
import { createLab } from './lab.ts';

const small = presetConfig('igpt-s', 32);
const sampling = (variants: number, lookAhead = false) => ({ variants, lookAhead });

describe('a budget', () => {
  it('has no end unless it is given one, and then asks nobody', async () => {
    const budget = new Budget();
    void budget.hold(() => {
      throw new Error('asked');
    });
    expect(await budget.left()).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts what is held now, but not what makes way', async () => {
    const budget = new Budget(100);
    let files = 10;
    await budget.hold(async () => files);
    const mine = await budget.hold(() => 30);
    expect([await budget.left(), await budget.left(mine)]).toEqual([60, 90]);
    files = 25;
    expect(await budget.left()).toBe(45);
    mine.release();
    expect(await budget.left()).toBe(75);
    await budget.hold(() => 500);
    expect(await budget.left()).toBe(0);
  });

  it('gives up what is spare when something else needs its memory, and not before', async () => {
    const budget = new Budget(100);
    let spare = 40;
    budget.offer(
      () => spare,
      () => {
        spare = 0;
      },
    );
    expect(await budget.left()).toBe(100);
    await budget.hold(() => 60);
    expect(spare).toBe(40);
    await budget.makeWay(1);
    expect(spare).toBe(0);
    spare = 40;
    await budget.hold(() => 10);
    expect(spare).toBe(0);
  });

  it('refuses with what is taken, what may be held and what is left', () => {
    const budget = new Budget(1e9);
    expect(() => budget.refuse('This model', 1.26e9, 0.97e9)).toThrow(
      'This model takes 1.3 GB, but of the 1.0 GB that this device lets a page hold 1.0 GB are left.',
    );
    expect(() => budget.refuse('This model', 5, 5)).not.toThrow();
  });
});

describe('within a gigabyte', () => {
  const budget = new Budget(1e9);

  it('iGPT-S completes two pictures at once, and without an end all', () => {
    const { variants } = variantsWithin(budget, 1e9, small, sampling(8), false);
    expect(variants).toBe(2);
    expect(openModelBytes(small, variants, false)).toBeLessThanOrEqual(1e9);
    expect(openModelBytes(small, variants + 1, false)).toBeGreaterThan(1e9);
    expect(variantsWithin(new Budget(), Number.POSITIVE_INFINITY, small, sampling(16), false).variants).toBe(16);
  });

  it('look-ahead, which needs many pictures at once, is refused for it', () => {
    expect(() => variantsWithin(budget, 1e9, small, sampling(8, true), false)).toThrow(
      /^Look-ahead with this model takes/,
    );
  });

  it('fewer of its pictures pass at once, and none where not even one does', () => {
    const batch = batchWithin(0.4e9, small, 8);
    expect(passBytes(small, batch)).toBeLessThanOrEqual(0.4e9);
    expect(passBytes(small, 2 * batch)).toBeGreaterThan(0.4e9);
    expect(batchWithin(1, small, 8)).toBe(0);
    expect(batchWithin(Number.POSITIVE_INFINITY, small, 8)).toBe(8);
  });

  it('a run counts the pixels of its pictures only where parts are cut out of them', () => {
    const pictures = { count: 50_000, side: 32 };
    const cut = besideTrainer(small, pictures, true) - besideTrainer(small, pictures, false);
    expect(cut).toBe(50_000 * 3 * 32 * 32);
  });
});

const fixture = (name: string) =>
  ['config.json', 'preprocessor_config.json', 'model.safetensors'].map((file) => {
    const bytes = readFileSync(new URL(`../igpt/fixtures/${name}/${file}`, import.meta.url));
    return { path: file, file: new File([bytes], file) };
  });
const ignore = () => {};
const blank = new Int16Array(64).fill(-1);
const settings: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, variants: 8, lookAhead: false };
/** CIFAR-10 records: a label, then the three planes. */
const records = (count: number, name = 'data_batch_1.bin') => {
  const bytes = new Uint8Array(count * 3073);
  for (let i = 0; i < bytes.length; i++) bytes[i] = i % 3073 === 0 ? (i / 3073) % 10 : (i * 31) & 255;
  return [{ path: name, file: new File([bytes], name) }];
};

/** A lab that may hold so many bytes, with a small model. */
async function labWithin(memory?: number): Promise<Lab> {
  const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  const files = memoryFiles();
  const kernels = await simdKernels();
  const lab = createLab({ gpu: undefined, wasm, kernels, models: { address: '' }, files: () => files });
  await lab.start('wasm', memory);
  return lab;
}

async function completed(lab: Lab): Promise<CompletionUpdate[]> {
  const updates: CompletionUpdate[] = [];
  await lab.complete({ tokens: blank, sampling: settings }, (update) => updates.push(update));
  return updates;
}

describe('a lab', () => {
  const model = { kind: 'files', files: fixture('f16-2x32x4') } as const;

  it('draws the first of the variants where memory does not do for all', async () => {
    const [whole, short] = [await labWithin(), await labWithin(0.6e6)];
    for (const lab of [whole, short]) await lab.openModel(model, ignore);
    const [all, few] = [await completed(whole), await completed(short)];
    const width = 8;
    expect(all[0].tokens).toHaveLength(8 * width);
    const variants = few[0].tokens.length / width;
    expect(variants).toBeGreaterThanOrEqual(1);
    expect(variants).toBeLessThan(8);
    few.forEach((update, i) => {
      expect(update.tokens).toEqual(all[i].tokens.subarray(0, variants * width));
    });
  });

  it('refuses a model that takes more before its weights are read, and keeps the one in use', async () => {
    const lab = await labWithin(0.6e6);
    await lab.openModel(model, ignore);
    const [config, preprocessor] = fixture('bf16-1x40x2');
    const weights = { path: 'model.safetensors', file: new File([new Uint8Array(2e6)], 'model.safetensors') };
    const large: ModelSource = { kind: 'files', files: [config, preprocessor, weights] };
    const refused = /^This model takes \d+ MB, but of the 1 MB that this device lets a page hold/;
    await expect(lab.openModel(large, ignore)).rejects.toThrow(refused);
    await expect(lab.surveyModel([config, preprocessor, weights], settings)).rejects.toThrow(refused);
    expect((await completed(lab)).length).toBe(8);
  });

  it('counts the data sets that lie in memory, and takes no more than there is room for', async () => {
    const lab = await labWithin(2e6);
    await lab.addDataset(records(300), ignore);
    await expect(lab.addDataset(records(500), ignore)).rejects.toThrow(/^There is no room for this data set/);
    await expect(lab.openModel(model, ignore)).resolves.toBeDefined();
    await lab.addDataset(records(200), ignore);
    await expect(lab.openModel(model, ignore)).rejects.toThrow(/^This model takes/);
  });

  it('says what a run takes and which batch fits, and refuses to start it', async () => {
    const lab = await labWithin(20e6);
    const { id: dataset } = await lab.addDataset(records(100), ignore);
    const size = { layers: 2, width: 32, heads: 2, side: 16 };
    const cost = await lab.trainingCost(size, 64, USUAL_RECIPE, { count: 100, side: 32, classes: 10 });
    expect(cost.problem).toMatch(
      /^This run takes \d+ MB, but of the 20 MB that this device lets a page hold \d+ MB are left\. A batch of \d+ fits\.$/,
    );
    const palette = Float32Array.from({ length: 3 * 64 }, (_, i) => (i % 64) / 32 - 1);
    const request = { name: 'a', dataset, size, palette, recipe: USUAL_RECIPE };
    await expect(lab.startRun(request, ignore)).rejects.toThrow(cost.problem);
    expect(await lab.listRuns()).toEqual([]);
    const batch = Number(/batch of (\d+)/.exec(cost.problem!)![1]);
    const smaller = { ...USUAL_RECIPE, batch, steps: 1, validateEvery: 0, sampleEvery: 0, probeEvery: 0 };
    const run = await lab.startRun({ ...request, recipe: smaller }, ignore);
    expect(run.phase).not.toBe('resting');
    await lab.stopRun();
  });

  it('probes with the pictures that memory does for, and says how many it left out', async () => {
    const [whole, short] = [await labWithin(), await labWithin(1.62e6)];
    for (const [lab, leftOut] of [
      [whole, false],
      [short, true],
    ] as const) {
      const { id: dataset } = await lab.addDataset([...records(200), ...records(200, 'test_batch.bin')], ignore);
      const request = { dataset, model, subject: 'model', objective: 'autoregressive', seed: 1 } as const;
      const summary = await lab.probe({ ...request, layers: [1] }, ignore, ignore);
      expect(summary.learnt + summary.tested.length + summary.leftOut).toBe(400);
      expect(summary.leftOut > 0).toBe(leftOut);
    }
  });
});
