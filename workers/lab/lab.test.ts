/** The lab as the page uses it, in Node: what happens in which order, and what a failure leaves standing. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CompletionUpdate, Lab, Sampling } from '../contract.ts';
import { createLab } from './lab.ts';

const fixture = (name: string) =>
  ['config.json', 'preprocessor_config.json', 'model.safetensors'].map((file) => {
    const bytes = readFileSync(new URL(`../igpt/fixtures/${name}/${file}`, import.meta.url));
    return { path: file, file: new File([bytes], file) };
  });
const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
const sampling: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, variants: 2, lookAhead: false };
const blank = new Int16Array(64).fill(-1);
const ignore = () => {};

let lab: Lab;
beforeEach(async () => {
  lab = createLab({ gpu: undefined, wasm, models: { address: 'http://localhost/models/' } });
  await lab.start('auto');
  await lab.openModel({ kind: 'files', files: fixture('f16-2x32x4') }, ignore);
});

it('says why it runs on WebAssembly when there is no WebGPU', async () => {
  const report = await createLab({ gpu: undefined, wasm, models: { address: '' } }).start('auto');
  expect(report).toMatchObject({ backend: 'wasm', reason: 'This browser has no WebGPU.' });
});

it('refuses a backend that is not there with a sentence', async () => {
  await expect(lab.start('webgpu')).rejects.toThrow('This browser has no WebGPU.');
});

it('completes row after row, and every pixel', async () => {
  const updates: CompletionUpdate[] = [];
  const result = await lab.complete({ tokens: blank, sampling }, (u) => updates.push(u));
  expect(updates.map((u) => [u.from, u.to])).toEqual(Array.from({ length: 8 }, (_, i) => [8 * i, 8 * i + 8]));
  expect(result.tokensPerSecond).toBeGreaterThan(0);
});

it('lets a new completion cancel the one before', async () => {
  const first = lab.complete({ tokens: blank, sampling }, ignore);
  const second = lab.complete({ tokens: blank, sampling }, ignore);
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  await expect(second).resolves.toMatchObject({ resampled: 0 });
});

it('stops within a row when asked, and works on', async () => {
  let rows = 0;
  const run = lab.complete({ tokens: blank, sampling }, () => {
    if (++rows === 2) void lab.cancel();
  });
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  expect(rows).toBeLessThanOrEqual(3);
  await expect(lab.complete({ tokens: blank, sampling }, ignore)).resolves.toBeDefined();
});

it('keeps the model in use when another one cannot be opened', async () => {
  const files = fixture('no-bias-3x24x3').slice(0, 2);
  await expect(lab.openModel({ kind: 'files', files }, ignore)).rejects.toThrow('model.safetensors is missing');
  await expect(lab.complete({ tokens: blank, sampling }, ignore)).resolves.toBeDefined();
});

it('refuses settings and pictures out of range with a sentence each', async () => {
  const complete = (s: Partial<Sampling>, tokens = blank) =>
    lab.complete({ tokens, sampling: { ...sampling, ...s } }, ignore);
  await expect(complete({ variants: 17 })).rejects.toThrow('The setting variants is out of range');
  await expect(complete({ topP: 0 })).rejects.toThrow('The setting topP is out of range');
  await expect(complete({}, new Int16Array(9))).rejects.toThrow('The drawing has 9 pixels, but this model needs 64.');
  await expect(lab.score(blank)).rejects.toThrow('A whole picture of 8 × 8 pixels is needed.');
  await expect(lab.attention(new Int16Array(64), 2, 0)).rejects.toThrow('no head 0 in a layer 2');
});

it('scores a picture as the decoder does', async () => {
  const picture = new Int16Array(64);
  const surprise = new Float32Array(64);
  await lab.complete({ tokens: blank, sampling: { ...sampling, variants: 1 } }, (u) => {
    picture.set(u.tokens, u.from);
    surprise.set(u.nll, u.from);
  });
  const scored = await lab.score(picture);
  scored.forEach((s, i) => {
    expect(Math.abs(s - surprise[i])).toBeLessThan(1e-4);
  });
});

describe('a model that begins pictures with classes', () => {
  const picture = new Int16Array(36).fill(3);
  beforeEach(async () => {
    const info = await lab.openModel({ kind: 'files', files: fixture('classes-2x24x2') }, ignore);
    expect(info.starts).toEqual(['ship', 'cat', 'a tree']);
  });

  it('draws, scores and attends by the class that it is given, or without one', async () => {
    const scores = await Promise.all([undefined, -1, 0, 2].map((start) => lab.score(picture, start)));
    expect(scores[0]).toEqual(scores[1]);
    expect(new Set(scores.map(String)).size).toBe(3);
    const maps = await Promise.all([undefined, 1].map((start) => lab.attention(picture, 1, 0, start)));
    expect(maps[0]).not.toEqual(maps[1]);
    const drawn: number[] = [];
    const tokens = new Int16Array(36).fill(-1);
    await lab.complete({ tokens, sampling: { ...sampling, variants: 1, starts: [2] } }, (u) => drawn.push(...u.nll));
    expect(drawn).toHaveLength(36);
  });

  it('says which classes it does not know', async () => {
    await expect(lab.score(picture, 3)).rejects.toThrow('This model knows no class 3 to begin a picture with.');
    await expect(lab.attention(picture, 0, 0, 3)).rejects.toThrow('This model knows no class 3');
    const complete = (starts: number[]) => lab.complete({ tokens: picture, sampling: { ...sampling, starts } }, ignore);
    await expect(complete([3])).rejects.toThrow('Class 3 is not one of 3.');
    await expect(complete([0.5])).rejects.toThrow('The setting starts.0 is out of range');
    await expect(complete([])).rejects.toThrow('The setting starts is out of range');
  });
});
