import { expect, test } from 'vitest';
import { columnsFor } from './columns.ts';

test('pictures fill their rows where the width allows it', () => {
  expect(columnsFor(9, 660)).toBe(3);
  expect(columnsFor(8, 660)).toBe(4);
  expect(columnsFor(9, 880)).toBe(5);
});

test('a phone shows two in a row, and a sliver of a page still one', () => {
  expect(columnsFor(9, 328)).toBe(2);
  expect(columnsFor(9, 40)).toBe(1);
  expect(columnsFor(0, 0)).toBe(1);
});
