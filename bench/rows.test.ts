import { expect, it } from 'vitest';
import { compare, largestDifference, markdown, shown, voided } from './rows.ts';

const place = { env: 'Node', adapter: 'llvmpipe' };

it('gives how many times more ours does, and how many times less it needs', () => {
  expect(compare(place, 'train', 'tokens/s', { value: 800 }, { value: 100 }, '').ratio).toBe(8);
  expect(compare(place, 'memory', 'MB', { value: 50 }, { value: 200 }, '', 'less').ratio).toBe(4);
});

it('has exactly the fields that --json promises, and a note', () => {
  const row = compare(place, 'train', 'tokens/s', { value: 2 }, { value: 1 }, 'Two samples.');
  expect(row).toEqual({
    name: 'train',
    ours: 2,
    peer: 1,
    ratio: 2,
    unit: 'tokens/s',
    env: 'Node',
    adapter: 'llvmpipe',
    note: 'Two samples.',
  });
});

it('keeps our number when the peer fails, gives no ratio, and says why', () => {
  const row = compare(place, 'decode', 'tokens/s', { value: 9 }, { failure: 'it does not load.' }, '8 variants.');
  expect([row.ours, row.peer, row.ratio]).toEqual([9, null, null]);
  expect(row.note).toBe('Peer: it does not load. 8 variants.');
});

it('withholds the number of a peer that computes something else, even NaN', () => {
  expect(voided({ value: 5 }, 2e-4, 1e-3, 'losses')).toEqual({ value: 5 });
  expect(voided({ value: 5 }, largestDifference([1, Number.NaN], [1, 2]), 1e-3, 'losses')).toEqual({
    failure: 'void: its losses differ by Infinity, more than 0.001.',
  });
});

it('treats a number that is none as missing, so that JSON never has it', () => {
  expect(compare(place, 'x', 's', { value: Number.NaN }, { value: 1 }, '').ours).toBeNull();
});

it('shows three digits, with separators', () => {
  expect([0.9123, 57.21, 12345.6, 100, null].map(shown)).toEqual(['0.912', '57.2', '12,346', '100', '–']);
});

it('prints a table a place and every row, failed ones too', () => {
  const failed = compare({ ...place, env: 'Chromium' }, 'b', 's', { value: 1 }, { failure: 'no.' }, '');
  const text = markdown([compare(place, 'a', 's', { value: 3 }, { value: 2 }, ''), failed]);
  expect(text).toContain('### Node · llvmpipe');
  expect(text).toContain('| `a` | 3.00 | 2.00 | 1.50× | s |  |');
  expect(text).toContain('| `b` | 1.00 | – | – | s | Peer: no. |');
});
