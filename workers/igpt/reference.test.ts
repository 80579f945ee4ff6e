/**
 * The reference against golden results that this project's code had no part in: random models evaluated in float64 by
 * transformers' ImageGPT (tools/fixtures/make.py says how).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { readModelFolder } from '../formats/huggingface.ts';
import { nll } from './likelihood.ts';
import { ImageGPT } from './reference.ts';
import { useWasm } from './testing.ts';

interface Golden {
  tokens: number[][];
  nats_per_pixel: number[];
  nll: number[][];
  logits_first_4_positions: number[][][];
}

const own = fileURLToPath(new URL('./fixtures/', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared/fixtures/', import.meta.url));
const folders = [own, shared]
  .filter(existsSync)
  .flatMap((root) => readdirSync(root).map((name): [string, string] => [name, join(root, name)]));

beforeAll(useWasm);

describe.each(folders)('%s', (_, folder) => {
  const golden: Golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'));
  const open = () => {
    const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
    const files = new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
    const { config, weights } = readModelFolder(files);
    return new ImageGPT(config, weights);
  };

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
  const folder = folders[0][1];
  const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
  const { config, weights } = readModelFolder(
    new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))])),
  );
  new ImageGPT(config, weights).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
