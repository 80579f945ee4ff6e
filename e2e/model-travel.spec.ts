/** Models that come from elsewhere, stay in this browser, and go elsewhere: dropped, kept, renamed, deleted, exported. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { readModelFolder } from '../workers/formats/huggingface.ts';
import { parseSafetensors, toFloat32, writeSafetensors } from '../workers/formats/safetensors.ts';
import { type CompletePage, expect, test } from './complete-page.ts';
import { axe } from './helpers.ts';
import { fixture, type ModelFiles, shipped, withConfig, without } from './model-files.ts';
import { ModelsPanel } from './models-panel.ts';
import { drop, writeFiles } from './train-page.ts';

const SHIPPED = 'Model: CIFAR-10, 16 × 16';
const good = fixture('f16-2x32x4');
const inFolder = (folder: string, files: ModelFiles) =>
  Object.fromEntries([...files].map(([name, bytes]) => [`${folder}/${name}`, bytes]));

/** The middle of the page, where nothing but the page itself takes files. */
const place = (complete: CompletePage) => complete.page.getByRole('region', { name: 'Drawing' });

test('files dropped on Complete are a model, and complete', async ({ complete }, testInfo) => {
  await complete.openQuickly();
  await writeFiles(testInfo.outputPath('loose'), Object.fromEntries(good));
  await drop(place(complete), ...[...good.keys()].map((name) => testInfo.outputPath('loose', name)));
  await expect(complete.model).toHaveAccessibleName('Model: 2 layers, width 32, 8 × 8');
  await complete.hide('Top half');
  await complete.run();
});

test('a dropped folder gives the model its name, whatever else is in it', async ({ complete }, testInfo) => {
  await complete.openQuickly();
  await writeFiles(testInfo.outputPath(), {
    ...inFolder('my-igpt', good),
    'my-igpt/README.md': new Uint8Array(9),
    'my-igpt/checkpoints/1/config.json': new Uint8Array(9),
    'my-igpt/pytorch_model.bin': new Uint8Array(9),
  });
  await drop(place(complete), testInfo.outputPath('my-igpt'));
  await expect(complete.model).toHaveAccessibleName('Model: my-igpt, 8 × 8');
});

for (const level of [0, 6] as const) {
  test(`a zip is a model too, ${level ? 'packed' : 'not packed'}`, async ({ complete }, testInfo) => {
    await complete.openQuickly();
    await writeFiles(testInfo.outputPath(), { 'my-zip.zip': zipSync(Object.fromEntries(good), { level }) });
    await drop(place(complete), testInfo.outputPath('my-zip.zip'));
    await expect(complete.model).toHaveAccessibleName('Model: my-zip, 8 × 8');
    await complete.hide('Top half');
    await complete.run();
  });
}

test('a picked folder is opened; weights in parts are put together by their index', async ({ complete }, testInfo) => {
  await complete.openQuickly();
  await writeFiles(testInfo.outputPath(), inFolder('in-parts', inParts(good)));
  const panel = new ModelsPanel(complete.page);
  await panel.openFolder(testInfo.outputPath('in-parts'));
  await expect(complete.model).toHaveAccessibleName('Model: in-parts, 8 × 8');
});

test('an opened model is kept: there after a reload, under another name if wanted, until it is deleted', async ({
  complete,
  page,
}, testInfo) => {
  const panel = new ModelsPanel(page);
  await complete.openQuickly();
  await writeFiles(testInfo.outputPath(), inFolder('my-igpt', good));
  await drop(place(complete), testInfo.outputPath('my-igpt'));
  await expect(complete.model).toHaveAccessibleName('Model: my-igpt, 8 × 8');
  await complete.hide('Top half');
  await complete.run();
  const pictures = await complete.completions();

  await panel.show();
  await expect(panel.row('my-igpt')).toContainText(/8 × 8, \d+ kB/);
  await expect(panel.opener('my-igpt')).toHaveAttribute('aria-current', 'true');
  await axe(page);

  await panel.act('my-igpt', 'Rename');
  await panel.nameField.fill('Small and mine');
  await panel.nameField.press('Enter');
  await expect(complete.model).toHaveAccessibleName('Model: Small and mine, 8 × 8');

  await page.reload();
  await expect(complete.model).toHaveAccessibleName(SHIPPED);
  await panel.show();
  await expect(panel.opener('CIFAR-10, 16 × 16')).toHaveAttribute('aria-current', 'true');
  await panel.opener('Small and mine').click();
  await expect(complete.model).toHaveAccessibleName('Model: Small and mine, 8 × 8');
  await expect(complete.drawing).toHaveAccessibleName(/8 by 8 pixels$/);
  await complete.hide('Top half');
  await complete.run();
  expect((await complete.completions()).length).toBe(pictures.length);

  await panel.show();
  await panel.act('Small and mine', 'Delete');
  await panel.button('Delete for good').click();
  await expect(panel.row('Small and mine')).toContainText('not kept');
  await page.reload();
  await panel.show();
  await expect(panel.opener('CIFAR-10, 16 × 16')).toBeVisible();
  await expect(panel.own).toBeHidden();
});

test('what the page does not know is left alone in the storage, and not listed', async ({ complete, page }) => {
  const panel = new ModelsPanel(page);
  await complete.openQuickly();
  await complete.openModel(good);
  await expect(complete.model).toHaveAccessibleName(/8 × 8$/);
  await panel.show();
  await expect(panel.own.getByRole('listitem')).toHaveCount(1);
  await expect(panel.opener('2 layers, width 32')).toHaveAttribute('aria-current', 'true');
  const later = () =>
    page.evaluate(async () => {
      const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
      const found: string[] = [];
      for await (const [name, handle] of models.entries()) {
        const file = await (await (handle as FileSystemDirectoryHandle).getFileHandle('about.json')).getFile();
        found.push(`${name} ${await file.text()}`);
      }
      return found;
    });
  await page.evaluate(async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    for await (const handle of models.values()) {
      const about = await (handle as FileSystemDirectoryHandle).getFileHandle('about.json');
      const text = await (await about.getFile()).text();
      const writer = await about.createWritable();
      await writer.write(text.replace('"version":1', '"version":2'));
      await writer.close();
    }
  });
  const before = await later();
  expect(before).toHaveLength(1);
  await page.reload();
  await panel.show();
  await expect(panel.opener('CIFAR-10, 16 × 16')).toHaveAttribute('aria-current', 'true');
  await expect(panel.own).toBeHidden();
  expect(await later()).toEqual(before);
});

test('a model that has no room is told so in one sentence, and is used all the same', async ({ complete, page }) => {
  const panel = new ModelsPanel(page);
  await complete.openQuickly();
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 500_000 });
  await complete.openModel(shipped());
  await expect(complete.notice(/^There is no room for "8 layers, width 128" in the browser's storage/)).toBeVisible();
  await expect(complete.model).toHaveAccessibleName('Model: 8 layers, width 128, 16 × 16');
  await complete.run();
  await panel.show();
  await expect(panel.own.getByRole('listitem')).toHaveCount(1);
  await expect(panel.row('8 layers, width 128')).toContainText('not kept');
});

for (const dtype of ['F32', 'F16'] as const) {
  test(`the current model is taken away in ${dtype}, and can be read again`, async ({ complete, page }, testInfo) => {
    const panel = new ModelsPanel(page);
    await complete.openQuickly();
    await panel.show();
    const download = page.waitForEvent('download');
    await panel.button(new RegExp(`^Export ${dtype}`)).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`igpt-cifar-16-${dtype.toLowerCase()}.zip`);
    const path = join(testInfo.outputPath(), file.suggestedFilename());
    await file.saveAs(path);
    const entries = Object.entries(unzipSync(await readFile(path)));
    const files = new Map(entries.map(([name, bytes]) => [name.split('/').at(-1)!, bytes]));
    const [taken, original] = [readModelFolder(files), readModelFolder(shipped())];
    expect(taken.config).toEqual(original.config);
    expect(taken.palette).toEqual(original.palette);
    for (const [name, values] of original.weights) {
      const mine = taken.weights.get(name)!;
      const rounding = dtype === 'F32' ? 0 : 2 ** -11;
      const off = values.findIndex(
        (x, i) => Math.abs(mine[i] - x) > Math.max(Math.abs(x) * rounding, rounding * 2 ** -14),
      );
      expect(off, name).toBe(-1);
    }
    await page.keyboard.press('Escape');
    await drop(place(complete), path);
    await expect(complete.model).toHaveAccessibleName('Model: igpt-cifar-16, 16 × 16');
  });
}

const refused: { what: string; files: ModelFiles; sentence: string | RegExp }[] = [
  {
    what: 'weights alone',
    files: new Map([['model.safetensors', good.get('model.safetensors')!]]),
    sentence:
      'The files config.json and preprocessor_config.json are missing: a model needs config.json, ' +
      'preprocessor_config.json and model.safetensors.',
  },
  {
    what: 'PyTorch weights',
    files: new Map([...without(good, 'model.safetensors'), ['pytorch_model.bin', new Uint8Array(9)]]),
    sentence: /^pytorch_model\.bin cannot be read here: load the model in Python/,
  },
  {
    what: 'parts without their index',
    files: without(inParts(good), 'model.safetensors.index.json'),
    sentence:
      /^The file model\.safetensors\.index\.json is missing: without it nobody knows what model-0000\d-of-00002/,
  },
  {
    what: 'parts of which one is missing',
    files: without(inParts(good), 'model-00002-of-00002.safetensors'),
    sentence: 'The file model-00002-of-00002.safetensors is missing: model.safetensors.index.json names it.',
  },
  {
    what: 'another vocabulary than the palette has',
    files: withConfig(good, { vocab_size: 257 }),
    sentence: /^preprocessor_config\.json has \d+ colours, but config\.json has a vocab_size of 257/,
  },
  {
    what: 'another model altogether',
    files: withConfig(good, { model_type: 'gpt2' }),
    sentence: 'config.json: "model_type" must be imagegpt, but it is "gpt2".',
  },
];

for (const { what, files, sentence } of refused) {
  test(`${what}: refused in one sentence, nothing kept, and the model in use goes on`, async ({
    complete,
    page,
  }, testInfo) => {
    await complete.openQuickly();
    await writeFiles(testInfo.outputPath(), inFolder('refused', files));
    await drop(place(complete), testInfo.outputPath('refused'));
    await expect(complete.notice(sentence)).toBeVisible();
    await expect(complete.model).toHaveAccessibleName(SHIPPED);
    await complete.run();
    const panel = new ModelsPanel(page);
    await panel.show();
    await expect(panel.own).toBeHidden();
  });
}

test('a large model is announced, and opened only with the word of the person', async ({
  complete,
  page,
}, testInfo) => {
  const panel = new ModelsPanel(page);
  await complete.openQuickly();
  // Of a large model only the name: its weights are looked at when they are wanted.
  const files = withConfig(good, { n_layer: 24, n_embd: 512, n_head: 8 });
  await writeFiles(testInfo.outputPath(), inFolder('large', files));
  await drop(place(complete), testInfo.outputPath('large'));
  await expect(panel.alert).toContainText(
    /^large has 75\.\d million parameters in \d+ kB\. .* about \d+\.\d [MG]B of memory/,
  );
  await axe(page);
  await panel.button('Leave it').click();
  await expect(panel.alert).toBeHidden();
  await page.keyboard.press('Escape');
  await complete.run();
  await drop(place(complete), testInfo.outputPath('large'));
  await panel.button('Open it').click();
  await expect(complete.notice(/has the shape/)).toBeVisible();
  await expect(complete.model).toHaveAccessibleName(SHIPPED);
});

/** The weights in two files and the index that says what is where. */
function inParts(files: ModelFiles): ModelFiles {
  const tensors = [...parseSafetensors(files.get('model.safetensors')!)].filter(([, { dtype }]) => dtype !== 'U8');
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const half = Math.ceil(tensors.length / 2);
  const shards = [tensors.slice(0, half), tensors.slice(half)];
  const weight_map = Object.fromEntries(shards.flatMap((shard, i) => shard.map(([name]) => [name, names[i]])));
  const written = shards.map((shard) =>
    writeSafetensors(new Map(shard.map(([name, t]) => [name, { shape: t.shape, data: toFloat32(t).slice() }])), 'F32'),
  );
  return new Map([
    ...without(files, 'model.safetensors'),
    ['model.safetensors.index.json', new TextEncoder().encode(JSON.stringify({ metadata: {}, weight_map }))],
    ...names.map((name, i): [string, Uint8Array] => [name, written[i]]),
  ]);
}
