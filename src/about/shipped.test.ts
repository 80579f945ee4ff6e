import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHIPPED_MODELS } from '../complete/models.ts';
import { LAYERS, LIKELIHOOD, PROBES, SHIPPED_LAYERS } from './numbers.ts';
import { SHIPPED } from './shipped.ts';

const percents = (shares: readonly number[]) => shares.map((share) => Number((100 * share).toFixed(1)));

describe.each(SHIPPED)('$name', ({ name, side, parameters, nats, probe, withAllLabels }) => {
  const card = readFileSync(`public/models/${name}/MODEL_CARD.md`, 'utf8');
  /** The numbers of a row of a table in the card, in percent. */
  const row = (head: string): number[] => {
    const line = card.split('\n').find((one) => one.startsWith(`| ${head}`))!;
    return line
      .split('|')
      .slice(2, -1)
      .map((cell) => Number(cell.replaceAll('*', '').trim()));
  };

  test('what About says of it is what its card says', () => {
    expect(card).toContain(`${side} × ${side} pixels`);
    expect(card).toContain(`${parameters.toLocaleString('en')} parameters`);
    expect(card).toContain(`${nats.toFixed(4)} nats/pixel (${(nats / Math.LN2).toFixed(4)} bits/pixel)`);
    expect(card).toContain(`Raw pixels: ${percents([probe.pixels])[0].toFixed(1)} %`);
    expect(percents(probe.trained)).toEqual(row('this model, %'));
    expect(percents(probe.untrained)).toEqual(row('untrained, %'));
    expect(percents(withAllLabels)).toEqual(row('50,000 labels, %'));
  });
});

test('About speaks of every model that the page brings along', () => {
  expect(SHIPPED.map(({ name }) => name).toSorted()).toEqual(SHIPPED_MODELS.map(({ id }) => id).toSorted());
});

test('the tables stand the models beside the published ones', () => {
  expect(LIKELIHOOD.rows.slice(-2)).toEqual([
    ['igpt-cifar-32, this page’s, 1.8 million', 'CIFAR-10, 32 × 32', '1.9998', '2.8851'],
    ['igpt-cifar-16, this page’s, 1.7 million', 'CIFAR-10, 16 × 16', '2.7105', '3.9104'],
  ]);
  expect(PROBES.rows.at(-1)).toEqual(['igpt-cifar-16, this page’s', '55.0', '–', '–', '–']);
  expect(LAYERS.columns.slice(1)).toEqual(['3', '8', '14', '20', '22', '30', '40', '48']);
  expect(LAYERS.rows[0].slice(1)).toEqual(['56.5', '81.1', '92.2', '96.3', '96.3', '96.1', '95.2', '94.0']);
  for (const row of SHIPPED_LAYERS.rows) expect(row).toHaveLength(SHIPPED_LAYERS.columns.length);
});
