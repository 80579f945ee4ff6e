import { expect, it } from 'vitest';
import { type ModelInfo, UNKNOWN } from '../../workers/contract.ts';
import { createLabelling, type Labelled } from './labelling.ts';

const TAUGHT = { side: 2, classes: ['cat', 'dog', 'ship'] } as ModelInfo;
const whole = () => new Int16Array(4);

/** A model that answers when it is told to, and the number of times that it was asked. */
function slowModel() {
  const answers: ((probabilities: Float32Array) => void)[] = [];
  const classify = () => new Promise<Float32Array>((resolve) => answers.push(resolve));
  return { answers, classify };
}

it('names the classes of a whole drawing, the likeliest first, and none where a pixel is left out', async () => {
  const now: Labelled = { model: TAUGHT, tokens: whole() };
  const { store, refresh } = createLabelling(
    () => now,
    async () => Float32Array.of(0.25, 0.625, 0.125),
  );
  await refresh();
  expect(store.getState().labels?.map(({ name }) => name)).toEqual(['dog', 'cat', 'ship']);
  now.tokens = Int16Array.of(0, 0, UNKNOWN, 0);
  await refresh();
  expect(store.getState().labels).toBeNull();
});

it('asks while one is on its way only once more, for the newest drawing', async () => {
  const { answers, classify } = slowModel();
  const now: Labelled = { model: TAUGHT, tokens: whole() };
  const { store, refresh } = createLabelling(() => now, classify);
  const first = refresh();
  for (let stroke = 0; stroke < 5; stroke++) {
    now.tokens = whole();
    void refresh();
  }
  expect(answers.length).toBe(1);
  answers[0](Float32Array.of(1, 0, 0));
  await expect.poll(() => answers.length).toBe(2);
  answers[1](Float32Array.of(0, 1, 0));
  await first;
  expect(store.getState().labels?.[0]).toEqual({ name: 'dog', probability: 1 });
});

it('says nothing of a model that was taught no classes, nor what another one said', async () => {
  const { answers, classify } = slowModel();
  const now: Labelled = { model: TAUGHT, tokens: whole() };
  const { store, refresh } = createLabelling(() => now, classify);
  const asked = refresh();
  now.model = { ...TAUGHT, classes: undefined } as ModelInfo;
  answers[0](Float32Array.of(1, 0, 0));
  await asked;
  expect(store.getState().labels).toBeNull();
  expect(answers.length).toBe(1);
});
