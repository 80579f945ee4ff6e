import { expect, it, vi } from 'vitest';
import { presetConfig } from '../igpt/config.ts';
import type { Compute, DecodingModel } from './compute.ts';
import { fallingBack } from './falling-back.ts';

const config = presetConfig('xs', 16);
const named = (name: string) => ({ name, dispose: () => {} });

/** A Compute whose parts say who made them, and that counts the models that it has open. */
function staged(name: string, calls: Partial<Compute> = {}) {
  const open = { models: 0 };
  const compute = {
    name,
    scorer: async () => named(name),
    features: async () => named(name),
    trainer: async () => named(name),
    openModel: async (): Promise<DecodingModel> => {
      open.models++;
      return {
        decoder: async () => named(name) as never,
        dispose: () => {
          open.models--;
        },
      };
    },
    ...calls,
  };
  return { compute: compute as unknown as Compute, open };
}

const refuse = async () => {
  throw new RangeError('no kernel');
};

async function makers(compute: Compute): Promise<string[]> {
  const weights = new Map();
  const model = await compute.openModel(config, weights);
  const made = [
    await model.decoder(1),
    await compute.scorer(config, weights, 1),
    await compute.features(config, weights, 'bert', 1),
  ] as unknown as { name: string }[];
  model.dispose();
  return made.map(({ name }) => name);
}

it('leaves the reference alone while the kernels serve', async () => {
  const [fast, reference] = [staged('fast'), staged('reference', { openModel: refuse, scorer: refuse })];
  expect(await makers(fallingBack(fast.compute, reference.compute))).toEqual(['fast', 'fast', 'fast']);
});

it.each([
  ['a model', { openModel: refuse }],
  ['a decoder', { openModel: async () => ({ decoder: refuse, dispose: () => {} }) }],
] as [string, Partial<Compute>][])(
  'the reference decodes where the kernels refuse %s, and is closed with it',
  async (_, calls) => {
    vi.spyOn(console, 'info').mockImplementation(() => {});
    const [fast, reference] = [staged('fast', { ...calls, scorer: refuse, features: refuse }), staged('reference')];
    const compute = fallingBack(fast.compute, reference.compute);
    expect(await makers(compute)).toEqual(['reference', 'reference', 'reference']);
    await vi.waitFor(() => expect(reference.open.models).toBe(0));
    expect(compute.name).toBe('fast');
  },
);

it('neither falls back for lack of memory nor trains on the reference', async () => {
  const lack = async () => {
    throw new Error('no memory');
  };
  const fast = staged('fast', { scorer: lack, trainer: refuse });
  const compute = fallingBack(fast.compute, staged('reference').compute);
  await expect(compute.scorer(config, new Map(), 1)).rejects.toThrow('no memory');
  await expect(compute.trainer(config, {} as never, {} as never)).rejects.toThrow(RangeError);
});
