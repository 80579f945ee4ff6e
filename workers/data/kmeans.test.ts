import { beforeAll, describe, expect, it } from 'vitest';
import { Aborted, BadInput } from '../errors.ts';
import { pcg3d } from '../igpt/random.ts';
import { readCifar10 } from './cifar.ts';
import { fitPalette, palettePsnr } from './kmeans.ts';
import { decodeTokens, encodePixels, paletteBytes } from './palette.ts';
import { officialCifar } from './testing.ts';

/** Pixels drawn from pictures. [count × 3] */
function sample(pixels: Uint8Array, count: number): Uint8Array {
  const rgb = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) {
    const at = 3 * (pcg3d(i, 1, 2) % (pixels.length / 3));
    rgb.set(pixels.subarray(at, at + 3), 3 * i);
  }
  return rgb;
}

describe('a palette of 512 colours from 250,000 pixels of CIFAR-10', { tags: ['cifar10'] }, () => {
  let train: Uint8Array;
  let test: Uint8Array;
  beforeAll(async () => {
    train = sample(readCifar10(await officialCifar('data_batch_1')).pixels, 250_000);
    test = readCifar10(await officialCifar('test_batch')).pixels.subarray(0, 3072 * 2000);
  }, 60_000);

  it('is found within 20 rounds, and shows pictures that were held back at 34 dB', async () => {
    const told: number[] = [];
    const fit = await fitPalette(train, { colours: 512, seed: 7, onProgress: (done) => told.push(done) });
    expect(fit.palette.length).toBe(3 * 512);
    expect(fit.rounds).toBeLessThanOrEqual(20);
    expect(palettePsnr(test, fit.palette)).toBeGreaterThan(34);
    expect(fit.psnr).toBeCloseTo(palettePsnr(train, fit.palette), 10);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect([told[0], told.at(-1)]).toEqual([0, 1]);
  });

  it('is the same for the same seed, and another for another', async () => {
    const few = train.subarray(0, 3 * 20_000);
    const found = async (seed: number) => (await fitPalette(few, { colours: 128, seed })).palette;
    const first = await found(7);
    expect(await found(7)).toEqual(first);
    expect(await found(8)).not.toEqual(first);
  });
});

describe('a palette', () => {
  const pixels = (...colours: number[][]) => Uint8Array.from(colours.flat());

  it('of two colours is the two means', async () => {
    const rgb = pixels([0, 0, 0], [2, 4, 6], [250, 250, 250], [254, 252, 250], [252, 254, 250]);
    const { palette, rounds } = await fitPalette(rgb, { colours: 2, seed: 1 });
    expect([...paletteBytes(palette)].sort((a, b) => a - b)).toEqual([1, 2, 3, 250, 252, 252]);
    expect(rounds).toBeLessThan(20);
  });

  it('has no more colours than the pixels have, and then loses nothing', async () => {
    const rgb = pixels([1, 2, 3], [4, 5, 6], [1, 2, 3], [7, 8, 9]);
    const { palette, psnr } = await fitPalette(rgb, { colours: 16, seed: 1 });
    expect(palette.length).toBe(9);
    expect(decodeTokens(encodePixels(rgb, palette), paletteBytes(palette))).toEqual(rgb);
    expect(psnr).toBeGreaterThan(120);
  });

  it('is as far from pixels as the plain formula says', () => {
    // Black for (0, 0, 255): an error of 2² in one of three channels.
    expect(palettePsnr(pixels([0, 0, 255]), Float32Array.of(-1, -1, -1))).toBeCloseTo(10 * Math.log10(3), 10);
  });

  it('is refused for one colour, and for numbers of colours that models do not have', async () => {
    await expect(fitPalette(pixels([1, 1, 1], [1, 1, 1]), { colours: 2, seed: 1 })).rejects.toThrow(
      new BadInput('All pixels have the same colour: there is no palette to find.'),
    );
    for (const colours of [1, 513, 2.5, Number.NaN]) {
      await expect(fitPalette(pixels([1, 1, 1], [2, 2, 2]), { colours, seed: 1 })).rejects.toThrow(BadInput);
    }
  });

  it('is given up when asked to', async () => {
    const controller = new AbortController();
    const rgb = Uint8Array.from({ length: 30_000 }, (_, i) => pcg3d(i, 0, 0));
    const fit = fitPalette(rgb, {
      colours: 64,
      seed: 1,
      signal: controller.signal,
      onProgress: (done) => done > 0.3 && controller.abort(),
    });
    await expect(fit).rejects.toThrow(Aborted);
  });
});
