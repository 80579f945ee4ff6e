/** Tables of labels, whatever they are called and however they are written. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runsOf } from '../../tools/arbitraries.ts';
import { parseTable, readTable } from './label-table.ts';

const pictures = ['a.png', 'b.png', 'c.png', 'd.png'];
const find = (cell: string) => {
  const at = pictures.findIndex((name) => name === cell || name === `${cell}.png`);
  return at < 0 ? undefined : at;
};
const labelsIn = (text: string) => {
  const table = parseTable(text);
  const read = table && readTable(table, find, new Set());
  if (!read || 'refused' in read) return read?.refused;
  return pictures.map((_, i) => read.labels.get(i)).join(' ');
};

it.each([
  ['id,label\na,cat\nb,dog\nc,cat\nd,dog\n', 'cat dog cat dog'],
  ['a.png 0\nb.png 1\nc.png 0\nd.png 1', '0 1 0 1'],
  ['"breed";"file"\r\n"x;y";"a.png"\r\n"z";"b.png"\r\n"z";"c.png"\r\n"z";"d.png"', 'x;y z z z'],
  ['{"a.png": 3, "b.png": 4, "c.png": 3, "d.png": 4}', '3 4 3 4'],
  ['{"labels": [["a.png", 6], ["b.png", 9], ["c.png", 6], ["d.png", 9]]}', '6 9 6 9'],
  ['image,cat,dog\na,1,0\nb,0,1\nc,1.0,0.0\nd,0,1', 'cat dog cat dog'],
  [
    'a.png\t0\t10\nb.png\t0\t12\nc.png\t1\t10\nd.png\t2\t9',
    'it is not clear which of its columns has the classes: call one "label"',
  ],
  ['file,label\na,0.5\nb,0.25\nc,0.1\nd,0.3', 'it has measurements and not classes'],
  ['word,meaning\nx,y\nz,w', undefined],
])('%j', (text, labels) => {
  expect(labelsIn(text)).toBe(labels);
});

it('any table is read as it was written, in every form', () => {
  const label = fc.constantFrom('cat', 'dog', 'polar bear', 'Möwe', 'a,b', '7', '12');
  fc.assert(
    fc.property(
      fc.array(label, { minLength: 4, maxLength: 4 }),
      fc.constantFrom('csv', 'tsv', 'lines', 'list'),
      fc.constantFrom('label', 'class_name', 'Category', 'what_it_is'),
      fc.boolean(),
      (labels, form, column, swapped) => {
        const order = <T>(a: T, b: T) => (swapped ? [b, a] : [a, b]);
        const quoted = (cell: string) => (/[,"]/.test(cell) ? `"${cell}"` : cell);
        const rows = [order('file', column), ...labels.map((text, i) => order(pictures[i], text))];
        const records = labels.map((text, i) => Object.fromEntries(order(['file', pictures[i]], [column, text])));
        const text = {
          csv: () => rows.map((row) => row.map(quoted).join(',')).join('\n'),
          tsv: () => rows.map((row) => row.join('\t')).join('\n'),
          lines: () => records.map((record) => JSON.stringify(record)).join('\n'),
          list: () => JSON.stringify(records),
        }[form]();
        expect(labelsIn(text)).toBe(labels.join(' '));
      },
    ),
    { numRuns: runsOf(300) },
  );
});
