/** Training in every engine: from a shard of CIFAR-10 to a model that draws in Complete, with a reload on the way. */

import { cifar10Path } from '../../tools/cifar10.ts';
import { officialCifar } from '../../workers/data/testing.ts';
import { expect, test } from './journey.ts';
import { CompleteWorkspace, TrainWorkspace, WORK } from './workspaces.ts';

const NAME = 'nano on CIFAR-10';

test('a run on a shard learns, pauses, outlives a reload where files are kept, goes on, and draws in Complete', async ({
  visit,
  engineName,
}) => {
  // WebKitGTK 2.50 has no private file system, which Safari has: its page says so, and holds the run in memory.
  const keepsFiles = engineName !== 'webkit';
  await officialCifar('data_batch_1');
  const train = new TrainWorkspace(visit);
  await train.open();
  await train.all
    .words(keepsFiles ? 'No run is kept in this browser yet.' : /^This browser keeps nothing/)
    .appears(WORK);
  await train.add(cifar10Path('data_batch_1'));
  await train.prepare('nano', {
    Steps: 60,
    'Pictures a step': 8,
    'Judge every': 10,
    'Pictures to judge by': 16,
    'Draw every': 20,
    'Probe every': 0,
    'Save every': 5,
  });
  await train.start();
  await train.reaches(10);
  // It is judged after the step has been counted.
  const heldOut = () => train.figure('Held-out pictures');
  await expect.poll(heldOut, { timeout: WORK }).toBeGreaterThan(1);
  const early = await heldOut();
  await train.reaches(30);
  await expect.poll(heldOut, { timeout: WORK }).toBeLessThan(early);
  const paused = await train.pause();

  if (keepsFiles) {
    await visit.tab.reload();
    await train.all.words(/^saved at step \d+/).appears(WORK);
    await train.all.find('button', NAME).click();
    await train.reaches(paused);
  }
  await train.goOn.click();
  await train.run.words('Step 60 of 60, done').appears(WORK);
  expect((await train.metrics(NAME)).map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));

  await train.act(NAME, 'Use in Complete');
  const complete = new CompleteWorkspace(visit);
  await complete.model(NAME).appears(WORK);
  await complete.run();
  expect((await complete.completions()).flat()).not.toContain('unknown');
});
