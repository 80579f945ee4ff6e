/** Model files of the visitor's own: opened, or refused while the model in use goes on. */

import { type CompletePage, expect, test } from './complete-page.ts';
import { fixture, type ModelFiles, shipped, withConfig, without, withTensors, withWeights } from './model-files.ts';

const SHIPPED = 'Model: CIFAR-10, 16 × 16';

for (const { name, side, layers, width } of [
  { name: 'bf16-1x40x2', side: 8, layers: 1, width: 40 },
  { name: 'f16-2x32x4', side: 8, layers: 2, width: 32 },
  { name: 'no-bias-3x24x3', side: 6, layers: 3, width: 24 },
]) {
  test(`a folder as Hugging Face has it is opened and completes: ${name}`, async ({ complete, page }) => {
    await complete.openQuickly();
    await complete.openModel(fixture(name));
    await expect(complete.model).toHaveAccessibleName(new RegExp(`width ${width}, ${side} × ${side}$`));
    await expect(complete.drawing).toHaveAccessibleName(new RegExp(`, ${side} by ${side} pixels$`));
    // The examples were made for another palette.
    await expect(page.getByRole('list', { name: 'Examples' })).toBeHidden();
    await complete.device.click();
    await expect(page.getByRole('dialog', { name: 'Device' })).toContainText(`${layers}, ${width}, `);
    await page.keyboard.press('Escape');

    await complete.hide('Top half');
    await complete.run();
    const drawn = await complete.drawn();
    expect(drawn).toHaveLength(side * side);
    for (const picture of await complete.completions()) {
      expect(picture).not.toContain('unknown');
      expect(picture.map((colour, i) => (drawn[i] === 'unknown' ? 'unknown' : colour))).toEqual(drawn);
    }
    // The pixel that was looked at in the larger pictures before lies outside of these.
    const middle = new RegExp(`^Row ${side / 2 + 1}, column ${side / 2 + 1}$`);
    await expect(complete.inspector.getByText(middle)).toBeVisible();
  });
}

test('the way back to the model of the page stays open, and the drawing keeps its size', async ({ complete, page }) => {
  await complete.openQuickly();
  await complete.openModel(fixture('bf16-1x40x2'));
  await expect(complete.drawing).toHaveAccessibleName(/8 by 8 pixels$/);
  await complete.model.click();
  await page.getByRole('listitem').getByRole('button', { name: 'CIFAR-10, 16 × 16' }).click();
  await expect(complete.model).toHaveAccessibleName(SHIPPED);
  await expect(complete.drawing).toHaveAccessibleName(/16 by 16 pixels$/);
  await page.getByRole('button', { name: 'Example: Horse' }).click();
  await complete.completed();
  expect((await complete.completions())[0]).toHaveLength(256);
});

test('another model in the same colours judges the same original anew', async ({ complete }) => {
  await complete.openCompleted('n=1');
  expect(await complete.bits('Original')).toBeLessThan(8);
  // Without its last matrix a model knows nothing: each of 512 colours is a guess of 9 bits.
  const ignorant = withTensors(shipped(), (tensors) => tensors.get('lm_head.weight')!.data.fill(0));
  await complete.openModel(ignorant);
  await expect(complete.model).toHaveAccessibleName(/width 128, 16 × 16$/);
  await complete.run();
  expect(await complete.bits(1)).toBe(9);
  await expect.poll(() => complete.bits('Original')).toBe(9);
});

const good = fixture('no-bias-3x24x3');

const refused: { what: string; files: ModelFiles; sentence: string | RegExp }[] = [
  {
    what: 'weights that break off',
    files: withWeights(good, (bytes) => bytes.slice(0, -1000)),
    sentence: /^The file is cut off: it should have \d+ bytes but has \d+\.$/,
  },
  {
    what: 'weights that are a text',
    files: withWeights(good, () => new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n')),
    sentence: /^This is not a safetensors file: /,
  },
  {
    what: 'weights without one tensor',
    files: withTensors(good, (tensors) => tensors.delete('transformer.ln_f.weight')),
    sentence: 'model.safetensors lacks the tensor "transformer.ln_f.weight".',
  },
  {
    what: 'a tensor of another shape',
    files: withTensors(good, (tensors) => {
      tensors.set('transformer.ln_f.weight', { shape: [12], data: new Float32Array(12) });
    }),
    sentence: 'Tensor "transformer.ln_f.weight" has the shape [12], but config.json needs [24].',
  },
  {
    what: 'a model with another activation',
    files: withConfig(good, { activation_function: 'gelu' }),
    sentence: /^config\.json: "activation_function" must be quick_gelu, but it is "gelu"\.$/,
  },
  {
    what: 'weights that are not numbers',
    files: withTensors(good, (tensors) => tensors.get('transformer.h.1.ln_2.weight')!.data.fill(Number.NaN, 5, 6)),
    sentence: 'Tensor "transformer.h.1.ln_2.weight" has values that are infinite or not numbers.',
  },
  {
    what: 'a folder without the palette',
    files: without(good, 'preprocessor_config.json'),
    sentence:
      'The file preprocessor_config.json is missing: a model needs config.json, preprocessor_config.json and ' +
      'model.safetensors.',
  },
];

for (const { what, files, sentence } of refused) {
  test(`${what}: refused in one sentence, and the model in use still completes`, async ({ complete }) => {
    await complete.openQuickly();
    const before = await complete.completions();
    await complete.openModel(files);
    await expect(complete.notice(sentence)).toBeVisible();
    await expectStillAtWork(complete);
    expect(await complete.completions()).toEqual(before);
  });
}

test('a bad file does not cost the visitor the model that was opened before', async ({ complete }) => {
  await complete.openQuickly();
  await complete.openModel(fixture('f16-2x32x4'));
  await expect(complete.model).toHaveAccessibleName(/width 32, 8 × 8$/);
  await complete.openModel(without(good, 'config.json'));
  await expect(complete.notice(/^The file config\.json is missing/)).toBeVisible();
  await expect(complete.model).toHaveAccessibleName(/width 32, 8 × 8$/);
  await complete.hide('Top quarter');
  await complete.run();
});

async function expectStillAtWork(complete: CompletePage): Promise<void> {
  await expect(complete.model).toHaveAccessibleName(SHIPPED);
  await expect(complete.start).toBeEnabled();
  await complete.run();
}
