import { expect, it } from 'vitest';
import { csvOf } from './csv.ts';

const look = { colour: '--series-1', width: 1 };

it('has every point of every line once, with its error, at its x', () => {
  const series = [
    { ...look, label: 'Small, late', x: [0, 2], y: [0.25, 0.5], error: [0.125, 0.0625] },
    { ...look, label: 'The "large" one', x: [10, 1, 2], y: [3, 1, 2] },
  ];
  expect(csvOf('Layer', series)).toBe(
    [
      'Layer,"Small, late","Small, late, standard error","The ""large"" one"',
      '0,0.25,0.125,',
      '1,,,1',
      '2,0.5,0.0625,2',
      '10,,,3',
      '',
    ].join('\n'),
  );
});

it('is a head alone where nothing is measured', () => {
  expect(csvOf('Layer', [{ ...look, label: 'Mine', x: [], y: [] }])).toBe('Layer,Mine\n');
});
