import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LAYERS, LIKELIHOOD, PROBES, SHIPPED_LAYERS } from './numbers.ts';
import { SHIPPED } from './shipped.ts';

const card = readFileSync(`public/models/${SHIPPED.name}/MODEL_CARD.md`, 'utf8');
/** The numbers of a row of a table in the card, in percent. */
const row = (head: string): number[] => {
  const line = card.split('\n').find((one) => one.startsWith(`| ${head}`))!;
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => Number(cell.replaceAll('*', '').trim()));
};
const percents = (shares: readonly number[]) => shares.map((share) => Number((100 * share).toFixed(1)));

test("what About says of the page's own model is what its card says", () => {
  expect(card).toContain(`${SHIPPED.parameters.toLocaleString('en')} parameters`);
  expect(card).toContain(`${SHIPPED.nats} nats/pixel (${(SHIPPED.nats / Math.LN2).toFixed(4)} bits/pixel)`);
  expect(card).toContain(`Raw pixels: ${percents([SHIPPED.probe.pixels])[0]} %`);
  expect(percents(SHIPPED.probe.trained)).toEqual(row('this model, %'));
  expect(percents(SHIPPED.probe.untrained)).toEqual(row('untrained, %'));
});

test('the tables stand the model beside the published ones', () => {
  expect(LIKELIHOOD.rows.at(-1)).toEqual([
    'igpt-cifar-16, this page’s, 1.7 million',
    'CIFAR-10, 16 × 16',
    '2.7105',
    '3.9104',
  ]);
  expect(PROBES.rows.at(-1)).toEqual(['igpt-cifar-16, this page’s', '52.6', '–', '–', '–']);
  expect(LAYERS.columns.slice(1)).toEqual(['3', '8', '14', '20', '22', '30', '40', '48']);
  expect(LAYERS.rows[0].slice(1)).toEqual(['56.5', '81.1', '92.2', '96.3', '96.3', '96.1', '95.2', '94.0']);
  expect(SHIPPED_LAYERS.rows[0].slice(1)).toHaveLength(SHIPPED_LAYERS.columns.length - 1);
});
