/** What the tests of all ways to features share: golden results, sizes that nothing divides, wrong batches, live weights. */
import { expect } from 'vitest';
import type { Config, Weights } from './config.ts';
import type { Features } from './features.ts';
import { readGolden } from './golden.ts';
import { type Objective, taskOf } from './objectives.ts';
import { uniform } from './random.ts';
import { ImageGPT } from './reference.ts';
import { ReferenceFeatures } from './reference-features.ts';
import { randomWeights } from './testing.ts';
import { freshState, type Trainer, type TrainerState } from './trainer.ts';

export type Make = (config: Config, weights: Weights, batch: number, objective: Objective) => Promise<Features>;

/** Heads of 12 channels, 49 positions, 20 colours, all biases. */
const odd: Config = { n_layer: 3, n_embd: 36, n_head: 3, n_positions: 49, n_colours: 20, layer_norm_epsilon: 1e-5 };
const oddWeights = randomWeights(odd, 4);

export const tokensOf = ({ n_positions: T, n_colours: V }: Config, B: number, stream: number): Int16Array =>
  Int16Array.from({ length: B * T }, (_, i) => Math.floor(uniform(1, stream, i) * V));

function expectClose(found: Float32Array, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  found.forEach((x, i) => {
    expect(Math.abs(x - expected[i])).toBeLessThan(1e-4);
  });
}

export async function expectGolden(make: Make, folder: string): Promise<void> {
  const { golden, config, weights } = readGolden(folder);
  const features = await make(config, weights, golden.tokens.length, 'autoregressive');
  const found = await features.of(Int16Array.from(golden.tokens.flat()));
  const byLayer = golden.probe_features[0].map((_, layer) => golden.probe_features.map((picture) => picture[layer]));
  expectClose(found, byLayer.flat(2));
  features.dispose();
}

/** Whole batches and smaller ones, one after the other. */
export async function expectAsReference(make: Make, objective: Objective): Promise<void> {
  const gpt = new ImageGPT(odd, oddWeights);
  const reference = new ReferenceFeatures(gpt, 3, objective);
  const features = await make(odd, oddWeights, 3, objective);
  expect([features.layers, features.width, features.pixels]).toEqual([4, 36, 49]);
  for (const pictures of [3, 1, 2]) {
    const tokens = tokensOf(odd, pictures, pictures);
    expectClose(await features.of(tokens), await reference.of(tokens));
  }
  features.dispose();
  gpt.dispose();
}

export async function expectRefusals(make: Make): Promise<void> {
  const features = await make(odd, oddWeights, 2, 'autoregressive');
  await expect(features.of(new Int16Array(48))).rejects.toThrow(
    new RangeError('48 pixels are not 1 to 2 pictures of 49.'),
  );
  await expect(features.of(new Int16Array(147))).rejects.toThrow('147 pixels are not 1 to 2 pictures of 49.');
  await expect(features.of(new Int16Array(0))).rejects.toThrow('0 pixels are not 1 to 2 pictures of 49.');
  await expect(features.of(new Int16Array(49).fill(20))).rejects.toThrow('Colour 20 is not one of 20.');
  await expect(features.of(new Int16Array(49).fill(-1))).rejects.toThrow('Colour -1 is not one of 20.');
  features.dispose();
}

/** A trainer's features are those of its weights at each call, and whether anyone looks changes nothing that it learns. */
export async function expectLive(
  make: (config: Config, batch: number, state: TrainerState, objective: Objective) => Promise<Trainer>,
  objective: Objective,
): Promise<void> {
  const begin = () => make(odd, 3, freshState(oddWeights), objective);
  const [watched, other] = [await begin(), await begin()];
  const features = await watched.features(objective);
  expect([features.batch, features.layers, features.width, features.pixels]).toEqual([3, 4, 36, 49]);
  let former: Float32Array | undefined;
  for (let step = 0; step < 4; step++) {
    const task = taskOf(objective, tokensOf(odd, 3, 10 + step), odd, 1, step);
    const under = watched.step(task, 1e-2);
    const tokens = tokensOf(odd, 2, 1);
    const found = await features.of(tokens); // waits for the step that is under way
    expect(await under).toEqual(await other.step(task, 1e-2));
    const gpt = new ImageGPT(odd, (await other.state()).weights);
    expectClose(found, await new ReferenceFeatures(gpt, 2, objective).of(tokens));
    expect(found).not.toEqual(former);
    former = found;
    gpt.dispose();
  }
  expect(await watched.state()).toEqual(await other.state());
  await expect(features.of(new Int16Array(48))).rejects.toThrow('48 pixels are not 1 to 3 pictures of 49.');
  features.dispose();
  watched.dispose();
  other.dispose();
}
