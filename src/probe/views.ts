/** The curves of an experiment as lines of a chart: by layer, against the loss of checkpoints, by the number of labels. */
import type { Series } from '../charts/series.ts';
import { bestOf, type Curve } from '../state/probing.ts';
import { percent } from '../ui/format.ts';
import { LABEL_COUNTS } from './plan.ts';
import { IGPT_L, IGPT_S_TRAINING } from './published.ts';

const COLOURS = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];

/** The last layer of a curve's model. */
export const depthOf = ({ model, results }: Curve): number => model.size?.layers ?? results.at(-1)?.layers.at(-1) ?? 1;

/** Whether it has a result for each layer, and not one alone. */
export const hasLayers = ({ subject }: Pick<Curve, 'subject'>): boolean =>
  subject === 'model' || subject === 'untrained';

/** The numbers of labels that were learnt from, the most last. */
export const countsOf = (curves: Curve[]): (number | null)[] =>
  LABEL_COUNTS.filter((count) => curves.some(({ labels }) => labels === count));

/** Those that learnt from so many labels. */
export const learningFrom = (curves: Curve[], labels: number | null): Curve[] =>
  curves.filter((curve) => curve.labels === labels);

const WIDTHS = { model: 2, stacked: 1, untrained: 1.5, pixels: 1.5 };

/** The look of a curve in every view: what a model is compared with shares its colour, but for pixels that all share. */
function styling(curves: Curve[]): (curve: Curve) => Pick<Series, 'colour' | 'width' | 'dashed'> {
  const keys = [...new Set(curves.map(({ model }) => model.key))];
  const levels = new Set(curves.filter(({ subject }) => subject === 'pixels').map(({ model }) => model.key));
  return ({ model, subject }) => ({
    colour:
      subject === 'pixels' && levels.size === 1 ? '--ink-faint' : COLOURS[keys.indexOf(model.key) % COLOURS.length],
    width: WIDTHS[subject],
    dashed: subject === 'untrained' || subject === 'pixels',
  });
}

/** In the order of the curves; the published one, where it is wanted, comes last and x is a share of the depth. */
export function byLayer(curves: Curve[], published: boolean): Series[] {
  const styleOf = styling(curves);
  const several = curves.filter(({ subject }) => subject === 'model').length > 1;
  const deepest = Math.max(1, ...curves.map(depthOf));
  const level = Array.from({ length: deepest + 1 }, (_, layer) => layer / (published ? deepest : 1));
  const lines = curves.map((curve): Series => {
    const { name, subject, results } = curve;
    const accuracies = results.map(({ accuracy }) => accuracy);
    const common = { label: name, ...styleOf(curve) };
    if (!hasLayers(curve)) {
      // They have no layers: a level to compare with.
      const x = accuracies.length > 0 ? level : [];
      return { ...common, x, y: x.map(() => accuracies[0]) };
    }
    const x = results.map(({ layers }) => layers[0] / (published ? depthOf(curve) : 1));
    const error = results.map(({ standardError }) => standardError);
    const mark = subject === 'model' ? markOf(curve, several) : undefined;
    return { ...common, x, y: accuracies, error, points: true, mark };
  });
  return published ? [...lines, { ...REFERENCE, ...IGPT_L }] : lines;
}

/**
 * A line for each run, a point for each of its checkpoints that has been judged and probed: its best layer, learnt from the
 * most labels.
 */
export function byLoss(curves: Curve[], published: boolean): Series[] {
  const most = countsOf(curves).at(-1) ?? null;
  const judged = done(learningFrom(curves, most)).filter(({ loss }) => loss !== null);
  const lines = groupsOf(judged, ({ model }) => model.run!.id).map(
    (its, i): Series => ({
      ...bestAt(its, ({ loss }) => loss!),
      label: its[0].model.run!.name,
      colour: COLOURS[i % COLOURS.length],
      width: 2,
    }),
  );
  return published ? [...lines, { ...REFERENCE, ...IGPT_S_TRAINING }] : lines;
}

/** A line for each model and baseline: its best layer. */
export function byLabels(curves: Curve[]): Series[] {
  const styleOf = styling(curves);
  return groupsOf(done(curves), ({ subject, model }) => `${subject} ${model.key}`).map(
    (its): Series => ({
      ...bestAt(its, ({ summary }) => summary!.learnt),
      ...styleOf(its[0]),
      label: its[0].name,
    }),
  );
}

const REFERENCE = { colour: '--ink-faint', width: 1.5, dashed: true, faint: true, points: true } as const;

function groupsOf(curves: Curve[], keyOf: (curve: Curve) => string): Curve[][] {
  const groups = new Map<string, Curve[]>();
  for (const curve of curves) groups.set(keyOf(curve), [...(groups.get(keyOf(curve)) ?? []), curve]);
  return [...groups.values()];
}

const done = (curves: Curve[]): Curve[] => curves.filter(({ summary }) => summary !== null);

function bestAt(curves: Curve[], xOf: (curve: Curve) => number): Pick<Series, 'x' | 'y' | 'error' | 'points'> {
  const sorted = curves.toSorted((a, b) => xOf(a) - xOf(b));
  const best = sorted.map(({ results }) => results[bestOf(results)]);
  return {
    x: sorted.map(xOf),
    y: best.map(({ accuracy }) => accuracy),
    error: best.map(({ standardError }) => standardError),
    points: true,
  };
}

function markOf({ name, results }: Curve, several: boolean): Series['mark'] {
  if (results.length === 0) return undefined;
  const place = bestOf(results);
  const { layers, accuracy } = results[place];
  return { place, text: `${several ? `${name}: layer` : 'Layer'} ${layers[0]}, ${percent(accuracy)}` };
}
