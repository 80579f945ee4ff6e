import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../errors.ts';
import {
  type Augmentation,
  drawCut,
  drawMove,
  FLIP_AND_CROP,
  movePicture,
  NO_AUGMENTATION,
  resampleCut,
} from './augment.ts';
import { Batches, type Draw } from './batches.ts';
import type { DatasetHead } from './dataset.ts';
import { encodePixels } from './palette.ts';
import { reducePictures } from './reduce.ts';
import { splitDataset } from './split.ts';
import { TokenisedPictures } from './token-batches.ts';

const from = (n: number, start = 0) => Uint32Array.from({ length: n }, (_, i) => start + i);
const take = (batches: Batches, count: number) => Array.from({ length: count }, () => batches.next());

describe('batches', () => {
  it('have every picture once in each epoch, in another order each time', () => {
    const draws = take(new Batches(from(10, 100), 4, 1), 5).flat();
    const epochs = [draws.slice(0, 10), draws.slice(10, 20)];
    for (const [epoch, drawn] of epochs.entries()) {
      expect(drawn.every((d) => d.epoch === epoch)).toBe(true);
      expect(drawn.map((d) => d.picture).sort()).toEqual([...from(10, 100)]);
    }
    expect(epochs[0].map((d) => d.picture)).not.toEqual(epochs[1].map((d) => d.picture));
  });

  it('go on exactly from any place, whatever the sizes', () => {
    const sizes = fc.record({
      pictures: fc.integer({ min: 1, max: 50 }),
      batch: fc.integer({ min: 1, max: 20 }),
      seed: fc.nat(),
      before: fc.nat(20),
    });
    fc.assert(
      fc.property(sizes, ({ pictures, batch, seed, before }) => {
        const whole = new Batches(from(pictures), batch, seed);
        take(whole, before);
        const resumed = new Batches(from(pictures), batch, seed, whole.position);
        expect(take(resumed, 8)).toEqual(take(whole, 8));
        expect(resumed.position).toEqual(whole.position);
      }),
      { numRuns: 300 },
    );
  });

  it('are shuffled evenly: each picture comes first about equally often', () => {
    const firsts = new Map<number, number>();
    for (let seed = 0; seed < 4000; seed++) {
      const { picture } = new Batches(from(8), 1, seed).next()[0];
      firsts.set(picture, (firsts.get(picture) ?? 0) + 1);
    }
    for (const count of firsts.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
    expect(firsts.size).toBe(8);
  });

  it('do not begin beyond the pictures', () => {
    expect(() => new Batches(from(3), 1, 1, { epoch: 0, index: 3 })).toThrow(RangeError);
    expect(() => new Batches(from(0), 1, 1)).toThrow(RangeError);
  });
});

describe('pictures to judge by', () => {
  const head = (train: number, test: number): Pick<DatasetHead, 'sources' | 'sourceOf'> => ({
    sources: [
      { name: 'a', part: 'train' },
      { name: 'b', part: 'test' },
    ],
    sourceOf: Uint16Array.from([...new Array(train).fill(0), ...new Array(test).fill(1)]),
  });

  it('are the test part where there is one', () => {
    const { train, validation } = splitDataset(head(5, 2), 1);
    expect([[...train], [...validation]]).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6],
    ]);
  });

  it('are a tenth of the rest otherwise, the same for the same seed', () => {
    const { train, validation } = splitDataset(head(200, 0), 1);
    expect(validation.length).toBe(20);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...from(200)]);
    expect(splitDataset(head(200, 0), 1)).toEqual({ train, validation });
    expect(splitDataset(head(200, 0), 2).validation).not.toEqual(validation);
    expect(splitDataset(head(2, 0), 1).validation.length).toBe(1);
  });

  it('leave something to learn from', () => {
    expect(() => splitDataset(head(0, 3), 1)).toThrow(BadInput);
    expect(() => splitDataset(head(1, 0), 1)).toThrow(BadInput);
  });
});

describe('a picture that is moved', () => {
  const picture = Int16Array.from({ length: 9 }, (_, i) => i);
  const moved = (flip: boolean, left: number, top: number) => {
    const to = new Int16Array(9);
    movePicture(picture, 0, to, 0, 3, 1, { flip, left, top });
    return [...to];
  };

  it('stays itself, is mirrored, or shows its reflection beyond the edge', () => {
    expect(moved(false, 0, 0)).toEqual([...picture]);
    expect(moved(true, 0, 0)).toEqual([2, 1, 0, 5, 4, 3, 8, 7, 6]);
    // As NumPy's pad(mode="reflect") has it: 1 0 1 2 1.
    expect(moved(false, -1, 0)).toEqual([1, 0, 1, 4, 3, 4, 7, 6, 7]);
    expect(moved(false, 1, 0)).toEqual([1, 2, 1, 4, 5, 4, 7, 8, 7]);
    expect(moved(false, 0, 2)).toEqual([6, 7, 8, 3, 4, 5, 0, 1, 2]);
  });

  it('is moved by all offsets about equally often, and mirrored half of the time', () => {
    const draws = Array.from({ length: 9000 }, (_, picture) => drawMove(FLIP_AND_CROP, 1, { epoch: 3, picture }));
    const share = (test: (m: (typeof draws)[0]) => boolean) => draws.filter(test).length / draws.length;
    expect(share((m) => m.flip)).toBeCloseTo(0.5, 1);
    for (let offset = -4; offset <= 4; offset++) {
      expect(Math.abs(share((m) => m.left === offset) - 1 / 9)).toBeLessThan(0.02);
      expect(Math.abs(share((m) => m.top === offset) - 1 / 9)).toBeLessThan(0.02);
    }
  });
});

describe('a part that is cut out', () => {
  const rgb = Uint8Array.from({ length: 3 * 64 }, (_, i) => 4 * (Math.floor(i / 3) % 8) + 40 * (i % 3));
  const cutTo = (side: number, x: number, y: number, width: number, height: number) => {
    const to = new Uint8Array(3 * side * side);
    resampleCut(rgb, 0, 8, { x, y, width, height }, to, 0, side);
    return to;
  };

  it('of the whole size is the picture itself', () => {
    expect(cutTo(8, 0, 0, 8, 8)).toEqual(rgb);
  });

  it('of whole pixels at their own size is these pixels', () => {
    const part = cutTo(4, 2, 3, 4, 4);
    for (let i = 0; i < 16; i++) expect(part[3 * i]).toBe(4 * (2 + (i % 4)));
  });

  it('is smooth when enlarged and antialiased when reduced, as Pillow does it', () => {
    // What Image.resize(..., Image.BILINEAR, box=...) gives for the same ramp.
    const reds = (part: Uint8Array, count: number) => [...part.subarray(0, 3 * count)].filter((_, i) => i % 3 === 0);
    expect(reds(cutTo(8, 2, 2, 4, 4), 8)).toEqual([7, 9, 11, 13, 15, 17, 19, 21]);
    expect(reds(cutTo(3, 0.5, 0.25, 6, 7.5), 3)).toEqual([4, 12, 20]);
  });

  it('lies in the picture, has at least the area asked for, and keeps near the square', () => {
    for (let picture = 0; picture < 2000; picture++) {
      const cut = drawCut({ flip: false, crop: 0, least: 0.3 }, 32, 5, { epoch: 0, picture });
      expect(cut.x).toBeGreaterThanOrEqual(0);
      expect(cut.x + cut.width).toBeLessThanOrEqual(32);
      expect(cut.y + cut.height).toBeLessThanOrEqual(32);
      expect(cut.width * cut.height).toBeGreaterThan(0.3 * 1024 - 1e-6);
      expect(cut.width / cut.height).toBeGreaterThan(0.749);
      expect(cut.width / cut.height).toBeLessThan(1.334);
    }
  });
});

describe('tokens of a batch', () => {
  const palette = Float32Array.from({ length: 3 * 16 }, (_, i) => (i % 16) / 8 - 1);
  const pixels = Uint8Array.from({ length: 5 * 3 * 16 * 16 }, (_, i) => (i * 97) ^ (i >> 5));
  const read = async (from: number, to: number) => pixels.subarray(from * 3 * 16 * 16, to * 3 * 16 * 16);
  const stored = { count: 5, side: 16, read };
  const draws: Draw[] = [4, 0, 4].map((picture, i) => ({ epoch: i, picture }));
  const least: Augmentation = { flip: true, crop: 1, least: 0.5 };

  it('are those of the reduced pictures', async () => {
    const data = await TokenisedPictures.of(stored, 8, palette);
    const all = encodePixels(reducePictures(pixels, 16, 8), palette);
    expect(data.tokens).toEqual(all);
    const batch = data.batch(draws, NO_AUGMENTATION, 1);
    expect(batch).toEqual(Int16Array.of(...[4, 0, 4].flatMap((i) => [...all.subarray(i * 64, i * 64 + 64)])));
  });

  it.each([FLIP_AND_CROP, least])('are changed in the same way when a run goes on (%o)', async (augmentation) => {
    const data = await TokenisedPictures.of(stored, 8, palette, undefined, augmentation === least);
    const batch = data.batch(draws, augmentation, 1);
    expect(data.batch(draws.slice(1), augmentation, 1)).toEqual(batch.subarray(64));
    expect(batch.subarray(0, 64)).not.toEqual(batch.subarray(128));
    expect(data.batch(draws, augmentation, 2)).not.toEqual(batch);
    expect(batch.every((token) => token >= 0 && token < 16)).toBe(true);
  });

  it('are made in blocks that can be stopped between', async () => {
    const stop = TokenisedPictures.of(stored, 8, palette, () => Promise.reject(new Error('stopped')));
    await expect(stop).rejects.toThrow('stopped');
  });
});
