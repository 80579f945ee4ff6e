import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHIPPED_MODELS } from '../complete/models.ts';
import { LAYERS, LIKELIHOOD, PROBES, SHIPPED_LAYERS } from './numbers.ts';
import { bestLayer, RAW_PIXELS, SHIPPED, UNTRAINED } from './shipped.ts';

const percents = (shares: readonly (number | null)[]) =>
  shares.map((share) => (share === null ? '–' : (100 * share).toFixed(1)));

describe.each(SHIPPED)('$name', ({ name, side, parameters, nats, probe }) => {
  const card = readFileSync(`public/models/${name}/MODEL_CARD.md`, 'utf8');
  /** The cells of a row of a table in the card. */
  const row = (head: string): string[] => {
    const line = card.split('\n').find((one) => one.startsWith(`| ${head}`))!;
    return line
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.replaceAll('*', '').trim());
  };

  test('what About says of it is what its card says', () => {
    expect(card).toContain(`${side} × ${side} pixels`);
    expect(card).toContain(`${parameters.toLocaleString('en')} parameters`);
    expect(card).toContain(`${nats.toFixed(4)} nats/pixel (${(nats / Math.LN2).toFixed(4)} bits/pixel)`);
    expect(percents(probe)).toEqual(row('50,000 labels, %'));
  });
});

test('what nothing has taught, and the pixels, are as the cards have them', () => {
  const card = (name: string) => readFileSync(`public/models/${name}/MODEL_CARD.md`, 'utf8');
  expect(card('igpt-cifar-32')).toContain(`| untrained, % | ${percents(UNTRAINED).join(' | ')} |`);
  expect(card('igpt-cifar-32-small')).toContain(`raw pixels ${percents([RAW_PIXELS])[0]} %`);
});

test('a layer that was not probed is passed over', () => {
  expect(bestLayer([0.2, null, 0.5, 0.4])).toEqual({ layer: 2, share: 0.5 });
});

test('About speaks of every model that the page brings along', () => {
  expect(SHIPPED.map(({ name }) => name).toSorted()).toEqual(SHIPPED_MODELS.map(({ id }) => id).toSorted());
});

test('the tables stand the models beside the published ones', () => {
  expect(LIKELIHOOD.rows.slice(-3)).toEqual([
    ['igpt-cifar-32-small, this page’s, 10.0 million', 'CIFAR-10, 32 × 32', '1.8809', '2.7136'],
    ['igpt-cifar-32, this page’s, 1.8 million', 'CIFAR-10, 32 × 32', '1.9176', '2.7665'],
    ['igpt-cifar-16, this page’s, 1.7 million', 'CIFAR-10, 16 × 16', '2.6514', '3.8252'],
  ]);
  expect(PROBES.rows.slice(-3, -1)).toEqual([
    ['igpt-cifar-32-small, this page’s', '77.6', '–', '–', '–'],
    ['igpt-cifar-32, this page’s', '66.0', '–', '–', '–'],
  ]);
  expect(LAYERS.columns.slice(1)).toEqual(['3', '8', '14', '20', '22', '30', '40', '48']);
  expect(LAYERS.rows[0].slice(1)).toEqual(['56.5', '81.1', '92.2', '96.3', '96.3', '96.1', '95.2', '94.0']);
  for (const row of SHIPPED_LAYERS.rows) expect(row).toHaveLength(SHIPPED_LAYERS.columns.length);
});
