/** WebGPU in another browser than Chromium: its compiler takes the engine's shaders, and they compute what WebAssembly does. */

import { cifar10Path } from '../../tools/cifar10.ts';
import { officialCifar } from '../../workers/data/testing.ts';
import { expect, test } from './journey.ts';
import type { Visit } from './visit.ts';
import { CompleteWorkspace, TrainWorkspace, WORK } from './workspaces.ts';

/** Steps that both backends take. */
const STEPS = 10;

test('a drawing is completed on WebGPU', async ({ visit }) => {
  const complete = new CompleteWorkspace(visit);
  await complete.open('backend=webgpu&n=2');
  await visit.find('button', 'Device: WebGPU').appears();
  expect((await complete.completions()).flat()).not.toContain('unknown');
});

test('ten steps of training on WebGPU have the losses that WebAssembly has', async ({ newVisit }) => {
  test.setTimeout(480_000);
  await officialCifar('data_batch_1');
  const onWebgpu = await losses(await newVisit(), 'webgpu', 'WebGPU');
  const onWasm = await losses(await newVisit(), 'wasm', 'WebAssembly');
  expect(onWebgpu).toHaveLength(STEPS);
  for (const [i, loss] of onWebgpu.entries()) expect(Math.abs(loss - onWasm[i]), `step ${i + 1}`).toBeLessThan(1e-4);
});

/** The training losses of a small run, in nats per pixel. */
async function losses(visit: Visit, backend: string, device: string): Promise<number[]> {
  const train = new TrainWorkspace(visit);
  await train.open(`backend=${backend}`);
  await train.add(cifar10Path('data_batch_1'));
  await train.prepare('nano', {
    Steps: STEPS,
    'Pictures a step': 8,
    'Judge every': 0,
    'Draw every': 0,
    'Probe every': 0,
  });
  await train.run.find('button', 'Start training').click();
  await train.run.words(`Step ${STEPS} of ${STEPS}, done`).appears(2 * WORK);
  await visit.find('button', `Device: ${device}`).appears();
  return (await train.metrics('nano on CIFAR-10')).map(({ loss_nats: loss }) => loss);
}
