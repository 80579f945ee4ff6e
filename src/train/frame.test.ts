import { expect, it } from 'vitest';
import { columnsOf, frameOf } from './frame.ts';

it('puts pictures in rows, with a gap that shows what is behind', () => {
  const palette = Uint8Array.of(10, 20, 30, 40, 50, 60);
  const tokens = Int16Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0);
  const { width, height, rgba } = frameOf(tokens, 2, palette, 2);
  expect([width, height]).toEqual([5, 5]);
  const at = (x: number, y: number) => [...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
  expect(at(0, 0)).toEqual([10, 20, 30, 255]);
  expect(at(2, 0)).toEqual([0, 0, 0, 0]);
  expect(at(3, 1)).toEqual([40, 50, 60, 255]);
  expect(at(0, 3)).toEqual([40, 50, 60, 255]);
  expect(at(1, 3)).toEqual([10, 20, 30, 255]);
  expect(at(3, 3)).toEqual([0, 0, 0, 0]);
});

it('lays eight pictures, ten of CIFAR-10 and a single one out in two rows or less', () => {
  expect([8, 10, 1].map(columnsOf)).toEqual([4, 5, 1]);
});
