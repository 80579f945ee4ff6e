import { expect, it } from 'vitest';
import { parse, sizeOf } from './options.ts';

it('reads a size as a preset, a side and a batch', () => {
  const { config, batch } = sizeOf('igpt-s-32-b16');
  expect([config.n_layer, config.n_embd, config.n_positions, batch]).toEqual([24, 512, 1024, 16]);
});

it('says what it does not know', () => {
  expect(() => sizeOf('large-32-b8')).toThrow('large-32-b8 is none');
  expect(() => sizeOf('small-32')).toThrow('as in small-32-b8');
  expect(() => parse(['--parts', 'training,drawing'])).toThrow('--parts takes products, training, decoding, profile');
  expect(() => parse(['--seconds', '0'])).toThrow('--seconds takes numbers above 0, not 0.');
  expect(() => parse(['--sizes'])).toThrow('--sizes needs a value.');
  expect(() => parse(['--fast'])).toThrow('There is no option --fast.');
});

it('reads lists', () => {
  const { parts, sizes, precisions, squares, variants, json } = parse(
    '--parts profile,training --sizes xs-16-b4,small-32-b8 --precisions f16 --squares 64,128 --variants 2 --json'.split(
      ' ',
    ),
  );
  expect(parts).toEqual(['profile', 'training']);
  expect(sizes.map(({ name }) => name)).toEqual(['xs-16-b4', 'small-32-b8']);
  expect({ precisions, squares, variants, json }).toEqual({
    precisions: ['f16'],
    squares: [64, 128],
    variants: 2,
    json: true,
  });
});
