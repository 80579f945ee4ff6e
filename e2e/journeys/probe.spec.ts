/** Probing and evaluating in every engine: a small model of one's own, and some pictures of CIFAR-10. */

import { writeFile } from 'node:fs/promises';
import { fixture } from '../model-files.ts';
import { cifar, OWN } from '../probe-page.ts';
import { expect, test } from './journey.ts';
import { CompleteWorkspace, TrainWorkspace, WORK } from './workspaces.ts';

/** The model's row of a table of results. */
const ROW = new RegExp(`^${OWN} `);

test('a model’s layers are probed, and its likelihood is evaluated', async ({ visit }, testInfo) => {
  const put = async (files: Iterable<[string, Uint8Array]>) =>
    Promise.all(
      [...files].map(async ([name, bytes]) => {
        await writeFile(testInfo.outputPath(name), bytes);
        return testInfo.outputPath(name);
      }),
    );
  const complete = new CompleteWorkspace(visit);
  await visit.goto('#complete?n=1');
  await visit.find('button', /^Model:/).click();
  await visit.input('Model files').setFiles(...(await put(fixture('f16-2x32x4'))));
  await complete.model(OWN).appears(WORK);
  await visit.find('tab', 'Probe').click();
  await new TrainWorkspace(visit).add(...(await put(Object.entries(await cifar(200, 100)))));

  const probe = visit.find('region', 'Probe');
  await probe.find('button', 'Start probing').click();
  await probe.words(/^Probed on/).appears(WORK);
  const [layer, accuracy] = await probe.find('table', 'Best layers').find('row', ROW).find('cell').readAll();
  expect(Number(layer)).toBeGreaterThanOrEqual(0);
  // Ten classes: even a model of chance knows something of colours.
  expect(Number.parseFloat(accuracy)).toBeGreaterThan(10);

  await visit.find('radio', 'Likelihood and samples').click();
  const setup = visit.find('region', 'What to evaluate');
  await setup.find('textbox', 'How many').fill(20);
  for (const part of ['Samples', 'Distance', 'Nearest pictures'])
    await setup.find('toolbar', 'Measure').find('button', part).click();
  const evaluation = visit.find('region', 'Evaluation');
  await evaluation.find('button', 'Start evaluating').click();
  await evaluation.words(/^Evaluated on/).appears(WORK);
  const [likelihood] = await evaluation.find('table', 'Models').find('row', ROW).find('cell').readAll();
  expect(likelihood).toMatch(/^\d\.\d{4} ± \d\.\d{4}$/m);
});
