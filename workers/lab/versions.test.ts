/**
 * What former versions of this page have kept (workers/storage/fixtures, written by tools/fixtures/make-stored.ts) is read by this one;
 * what a newer one has kept is left alone; and whatever is damaged, the rest stays usable.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { CompletionUpdate, Lab, RunInfo } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { folderFiles } from '../storage/folder.ts';
import { createLab } from './lab.ts';

const FIXTURES = fileURLToPath(new URL('../storage/fixtures/', import.meta.url));
const KINDS = ['datasets', 'models', 'runs'] as const;
const ignore = () => {};

let root: string;
let lab: Lab;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'versions-'));
  lab = createLab({
    gpu: undefined,
    wasm: fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm'))),
    kernels: await simdKernels(),
    models: { address: 'http://localhost/' },
    files: () => folderFiles(root),
  });
  await lab.start('wasm');
});
afterEach(() => rm(root, { recursive: true }));

const keep = (version: string) => cp(join(FIXTURES, version), root, { recursive: true });
const only = async (kind: string) => (await readdir(join(root, kind)))[0];

/** Every file below the root with its bytes. */
async function everything(): Promise<Map<string, string>> {
  const entries = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'base64')] as const)));
}

describe.each(await readdir(FIXTURES))('of %s', (version) => {
  beforeEach(() => keep(version));

  it('the data set, the model and the run are listed, and looking at them changes nothing', async () => {
    const before = await everything();
    expect(await lab.listDatasets()).toMatchObject([{ name: 'Stripes', side: 32, count: 16, labelled: 16 }]);
    expect(await lab.listModels()).toMatchObject([{ name: 'From stripes', side: 8 }]);
    expect(await lab.listRuns()).toMatchObject([{ name: 'On stripes', phase: 'resting', best: { step: 8 } }]);
    expect((await lab.storageUse()).unreadable).toBe(0);
    expect(await everything()).toEqual(before);
  });

  it('the data set has its pictures, the model completes, and the run goes on to its end', async () => {
    const [{ id: dataset }] = await lab.listDatasets();
    const sheet = await lab.datasetSheet(dataset, 4);
    expect(sheet.labels.length).toBe(4);
    expect(sheet.pixels.some((byte) => byte > 0)).toBe(true);

    const [{ id: model }] = await lab.listModels();
    await lab.openModel({ kind: 'files', files: await lab.keptFiles(model) }, ignore);
    const rows: CompletionUpdate[] = [];
    const sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, variants: 1, lookAhead: false };
    await lab.complete({ tokens: new Int16Array(64).fill(-1), sampling }, (update) => rows.push(update));
    expect(rows.at(-1)?.to).toBe(64);

    const [{ id: run, step }] = await lab.listRuns();
    const history = await lab.runHistory(run);
    expect(history.loss.length).toBe(step);
    expect(history.validations.length).toBe(step / 2);
    const finished = await new Promise<RunInfo>((resolve, reject) => {
      lab.resumeRun(run, ({ info }) => info.phase === 'finished' && resolve(info)).catch(reject);
    });
    expect(finished.step).toBe(40);
    expect((await lab.runHistory(run)).loss.slice(0, step)).toEqual(history.loss);
  });
});

describe('of a newer version', () => {
  beforeEach(async () => {
    await keep('version-1');
    for (const kind of KINDS) {
      const about = join(root, kind, await only(kind), 'about.json');
      await writeFile(about, (await readFile(about, 'utf8')).replace('"version":1', '"version":99'));
    }
  });

  it('nothing is listed, nothing is touched, and the page knows how much there is', async () => {
    const before = await everything();
    expect([await lab.listDatasets(), await lab.listModels(), await lab.listRuns()]).toEqual([[], [], []]);
    expect((await lab.storageUse()).unreadable).toBe(3);
    expect(await everything()).toEqual(before);
  });
});

describe('where files are damaged', () => {
  const damages: [string, (path: string, bytes: Buffer) => Promise<void>][] = [
    ['cut off', (path, bytes) => writeFile(path, bytes.subarray(0, bytes.length >> 1))],
    ['empty', (path) => writeFile(path, '')],
    ['gone', (path) => rm(path)],
    [
      'noise',
      (path, bytes) =>
        writeFile(
          path,
          bytes.map((_, i) => Math.imul(i ^ 0x5bd1, 0x9e3779b1) >>> 24),
        ),
    ],
  ];

  it.each(damages)(
    'a file that is %s costs its own data set, model or run at most, with a sentence',
    async (_, damage) => {
      for (const kind of KINDS) {
        await rm(root, { recursive: true });
        await keep('version-1');
        for (const name of await readdir(join(root, kind, await only(kind)))) {
          await rm(root, { recursive: true });
          await keep('version-1');
          const damaged = await only(kind);
          const sound = damaged.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
          await cp(join(root, kind, damaged), join(root, kind, sound), { recursive: true });
          const path = join(root, kind, damaged, name);
          await damage(path, await readFile(path));
          await staysUsable(kind, sound, damaged);
        }
      }
    },
  );

  it('whatever about.json says, the others are listed', async () => {
    await keep('version-1');
    const lists = { datasets: lab.listDatasets, models: lab.listModels, runs: lab.listRuns };
    for (const kind of KINDS) {
      const damaged = await only(kind);
      const sound = damaged.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
      await cp(join(root, kind, damaged), join(root, kind, sound), { recursive: true });
      const path = join(root, kind, damaged, 'about.json');
      const about = JSON.parse(await readFile(path, 'utf8'));
      const broken = fc.oneof(
        fc
          .tuple(fc.constantFrom(...Object.keys(about)), fc.jsonValue())
          .map(([key, value]) => ({ ...about, [key]: value })),
        fc.jsonValue(),
      );
      await fc.assert(
        fc.asyncProperty(broken, async (value) => {
          await writeFile(path, JSON.stringify(value));
          expect((await lists[kind]()).map(({ id }) => id)).toContain(sound);
        }),
        { numRuns: 100 },
      );
    }
  });

  /** The sound one works; what is asked of the damaged one works or is refused with a sentence. */
  async function staysUsable(kind: (typeof KINDS)[number], sound: string, damaged: string): Promise<void> {
    const lists = { datasets: lab.listDatasets, models: lab.listModels, runs: lab.listRuns };
    const uses = {
      datasets: [(id: string) => lab.datasetSheet(id, 4), (id: string) => lab.renameDataset(id, 'New')],
      models: [
        async (id: string) => lab.openModel({ kind: 'files', files: await lab.keptFiles(id) }, ignore),
        (id: string) => lab.renameModel(id, 'New'),
      ],
      runs: [
        (id: string) => lab.runHistory(id),
        (id: string) => lab.openModel({ kind: 'run', run: id, which: 'last' }, ignore),
        (id: string) => lab.openModel({ kind: 'run', run: id, which: 'best' }, ignore),
        (id: string) => lab.exportRun(id),
        async (id: string) => {
          await lab.resumeRun(id, ignore);
          await lab.stopRun();
        },
        (id: string) => lab.renameRun(id, 'New'),
      ],
    };
    expect((await lists[kind]()).map(({ id }) => id)).toContain(sound);
    for (const use of uses[kind]) {
      const error = await use(damaged).then(
        () => undefined,
        (reason) => reason,
      );
      if (error === undefined) continue;
      expect(error).toBeInstanceOf(BadInput);
      expect(error.message).toMatch(/^\w.*[.?]$/);
      expect(error.message).not.toMatch(/undefined|NaN|\[object/);
    }
    for (const use of uses[kind]) await use(sound);
    const remove = { datasets: lab.deleteDataset, models: lab.deleteModel, runs: lab.deleteRun };
    await remove[kind](damaged);
    expect((await lists[kind]()).map(({ id }) => id)).toEqual([sound]);
  }
});
