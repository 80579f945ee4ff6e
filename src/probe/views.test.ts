import { describe, expect, it } from 'vitest';
import type { ProbeResult, ProbeSummary } from '../../workers/contract.ts';
import type { Curve } from '../state/probing.ts';
import type { Candidate } from './candidates.ts';
import { byLabels, byLayer, byLoss } from './views.ts';

const result = (layer: number | null, accuracy: number) =>
  ({ layers: layer === null ? [] : [layer], accuracy, standardError: 0.01 }) as ProbeResult;

function curve(name: string, accuracies: number[], more: Partial<Curve> = {}): Curve {
  const model = { key: name, name, size: { layers: 4 }, run: null } as Candidate;
  const results = accuracies.map((accuracy, layer) => result(layer, accuracy));
  return { name, subject: 'model', model, labels: null, loss: null, summary: null, results, ...more };
}
const learnt = (count: number) => ({ learnt: count }) as ProbeSummary;

describe('by layer', () => {
  it('has a point for each layer so far, and marks the best one by its name', () => {
    const [line] = byLayer([curve('a', [0.2, 0.5, 0.3])], false);
    expect(line).toMatchObject({ label: 'a', x: [0, 1, 2], y: [0.2, 0.5, 0.3], error: [0.01, 0.01, 0.01] });
    expect(line.mark).toEqual({ place: 1, text: 'Layer 1, 50.0 %' });
  });

  it('names the model with the layer where there are several', () => {
    const lines = byLayer([curve('a', [0.2]), curve('b', [0.3])], false);
    expect(lines.map(({ mark }) => mark?.text)).toEqual(['a: layer 0, 20.0 %', 'b: layer 0, 30.0 %']);
    expect(new Set(lines.map(({ colour }) => colour)).size).toBe(2);
  });

  it('draws pixels as a level from end to end, and none before they are measured', () => {
    const pixels = curve('p', [], { subject: 'pixels' });
    expect(byLayer([curve('a', [0.2]), pixels], false)[1]).toMatchObject({ x: [], y: [] });
    const [, level] = byLayer([curve('a', [0.2]), { ...pixels, results: [result(null, 0.4)] }], false);
    expect(level).toMatchObject({ x: [0, 1, 2, 3, 4], y: [0.4, 0.4, 0.4, 0.4, 0.4] });
  });

  it('draws all layers together as a level in the colour of their model, and marks no layer of it', () => {
    const all = { layers: [0, 1, 2, 3, 4], accuracy: 0.6, standardError: 0.01 } as ProbeResult;
    const model = curve('a', [0.2]);
    const [own, level] = byLayer([model, { ...model, subject: 'stacked', results: [all] }], false);
    expect(level).toMatchObject({
      x: [0, 1, 2, 3, 4],
      y: [0.6, 0.6, 0.6, 0.6, 0.6],
      colour: own.colour,
      dashed: false,
    });
    expect(level.mark).toBeUndefined();
    expect(level.width).not.toBe(own.width);
  });

  it('tells the pixels of two palettes apart', () => {
    const curves = ['a', 'b'].map((name) => curve(name, [0.2], { subject: 'pixels' }));
    expect(new Set(byLayer(curves, false).map(({ colour }) => colour)).size).toBe(2);
    expect(byLayer(curves.slice(1), false)[0].colour).toBe('--ink-faint');
  });

  it('stands beside the published curve by share of depth', () => {
    const [own, published] = byLayer([curve('a', [0.2, 0.5, 0.3])], true);
    expect(own.x).toEqual([0, 0.25, 0.5]);
    expect(published.x[published.x.length - 1]).toBe(1);
    expect(Math.max(...Array.from(published.y))).toBe(0.963);
  });
});

it('against loss, has a line a run and a point a checkpoint that was judged, from low loss to high', () => {
  const checkpoint = (run: string, loss: number | null, best: number, labels: number | null = null) =>
    curve(run, [0.1, best], {
      model: { key: `${run} ${loss}`, run: { id: run, name: run, step: 1 } } as Candidate,
      loss,
      labels,
      summary: learnt(9),
    });
  const curves = [
    checkpoint('a', 3, 0.3),
    checkpoint('a', 2, 0.6),
    checkpoint('b', 2.5, 0.4),
    checkpoint('b', null, 0.9),
    checkpoint('b', 2.2, 0.8, 40),
    { ...checkpoint('b', 2, 0.95), summary: null },
    curve('not a run', [0.99], { summary: learnt(9) }),
  ];
  expect(byLoss(curves, false).map(({ label, x, y }) => ({ label, x, y }))).toEqual([
    { label: 'a', x: [2, 3], y: [0.6, 0.3] },
    { label: 'b', x: [2.5], y: [0.4] },
  ]);
  expect(byLoss([], true)).toHaveLength(1);
});

it('by labels, has a line for each model and baseline, from few labels to many', () => {
  const of = (subject: Curve['subject'], labels: number | null, count: number, best: number) =>
    curve('a', [best, 0.1], { subject, labels, summary: learnt(count) });
  const curves = [of('model', null, 900, 0.7), of('untrained', null, 900, 0.3), of('model', 40, 40, 0.4)];
  expect(byLabels(curves).map(({ x, y, dashed }) => ({ x, y, dashed }))).toEqual([
    { x: [40, 900], y: [0.4, 0.7], dashed: false },
    { x: [900], y: [0.3], dashed: true },
  ]);
});
