/** A model in every engine: taken away as a zip, and opened by somebody else. */

import { writeFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { expect, test } from './journey.ts';
import { CompleteWorkspace } from './workspaces.ts';

test('a model goes out as a zip, and in another profile it is opened and completes the same', async ({
  visit,
  newVisit,
}, testInfo) => {
  const here = new CompleteWorkspace(visit);
  await here.open('n=1');
  const [link, pictures] = [await visit.address(), await here.completions()];
  await here.model('CIFAR-10, 16 × 16').click();
  const { name, bytes } = await visit.tab.download(() => visit.find('button', /^Export F32/).click());
  expect(name).toBe('igpt-cifar-16-f32.zip');
  const files = Object.keys(unzipSync(bytes)).map((path) => path.split('/').at(-1));
  expect(files.sort()).toEqual(['config.json', 'model.safetensors', 'preprocessor_config.json']);
  const path = testInfo.outputPath(name);
  await writeFile(path, bytes);

  const stranger = await newVisit();
  const there = new CompleteWorkspace(stranger);
  await stranger.goto(link);
  await there.completed();
  await there.model('CIFAR-10, 16 × 16').click();
  await stranger.input('Model files').setFiles(path);
  await there.model('igpt-cifar-16, 16 × 16').appears();
  await there.run();
  expect(await there.completions()).toEqual(pictures);
});
