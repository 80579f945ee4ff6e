/** The reference against golden results of another code (golden.ts). */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenFolders, readGolden } from './golden.ts';
import { nll } from './likelihood.ts';
import { ImageGPT } from './reference.ts';
import { useWasm } from './testing.ts';

beforeAll(useWasm);

describe.each(goldenFolders)('%s', (_, folder) => {
  const { golden, config, weights } = readGolden(folder);
  const open = () => new ImageGPT(config, weights);

  it('gives the golden surprise of every pixel within 1e-4', async () => {
    const gpt = open();
    const surprise = await nll(gpt, Int16Array.from(golden.tokens.flat()));
    const expected = golden.nll.flat();
    surprise.forEach((s, i) => {
      expect(Math.abs(s - expected[i])).toBeLessThan(1e-4);
    });
    gpt.dispose();
  });

  it('gives the golden logits within 1e-4', async () => {
    const gpt = open();
    const logits = gpt.forward(tf.tensor2d(golden.tokens, undefined, 'int32'));
    const found = await tf.slice(logits, [0, 0, 0], [golden.tokens.length, 4, logits.shape[2]]).data();
    const expected = golden.logits_first_4_positions.flat(2);
    expect(found.length).toBe(expected.length);
    found.forEach((x, i) => {
      expect(Math.abs(x - expected[i])).toBeLessThan(1e-4);
    });
    gpt.dispose();
  });

  it('attends with weights that sum to 1 and never look ahead', async () => {
    const gpt = open();
    const T = golden.tokens[0].length;
    const weights = await gpt.attention(tf.tensor2d([golden.tokens[0]], undefined, 'int32'), 0, 1).data();
    for (let i = 0; i < T; i++) {
      const row = Array.from(weights.slice(i * T, (i + 1) * T));
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
      expect(Math.max(0, ...row.slice(i + 1))).toBe(0);
    }
    gpt.dispose();
  });
});

it('keeps no tensor after dispose', () => {
  const before = tf.memory().numTensors;
  const { config, weights } = readGolden(goldenFolders[0][1]);
  new ImageGPT(config, weights).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
