/** What each layer knew at each probe, as it is drawn, told and kept: columns over steps, the best layer of each, its scale. */
import type { LayerProbe, ProbeCourse, RunHistory } from '../../workers/contract.ts';
import { type CellMap, heatColour, type PlacedCell } from '../charts/cellSheet.ts';
import { percent } from '../ui/format.ts';

/** Of the map that is taken away, in pixels. */
const WIDTH = 640;
const HEIGHT = 320;
/** Names along a side that can be read. */
const MOST_ROWS = 16;
const MOST_COLUMNS = 8;

/** A probe's column, over the steps that are nearest to it. */
export interface Column extends LayerProbe {
  from: number;
  until: number;
  /** Its layer of the highest accuracy; the lowest such one. */
  best: number;
}

export interface LayerCourse {
  columns: Column[];
  layers: number;
  /** What the scale of colours goes from and to: guessing, or what is worse, and the best; so chance alone is no colourful map. */
  least: number;
  most: number;
}

/** At least one probe. Each column reaches half the way to its neighbours, and as far on its free side. */
export function layerCourseOf({ probes, chance }: Pick<ProbeCourse, 'probes' | 'chance'>): LayerCourse {
  const steps = probes.map(({ step }) => step);
  const between = (i: number) => (steps[i] + steps[i + 1]) / 2;
  const last = probes.length - 1;
  const columns = probes.map((probe, i): Column => {
    const alone = last === 0;
    const from = i > 0 ? between(i - 1) : alone ? probe.step - 1 : 2 * probe.step - between(0);
    const until = i < last ? between(i) : alone ? probe.step + 1 : 2 * probe.step - between(i - 1);
    return { ...probe, from, until, best: bestOf(probe.accuracy) };
  });
  const all = probes.flatMap(({ accuracy }) => Array.from(accuracy));
  return { columns, layers: probes[0].accuracy.length, least: Math.min(chance, ...all), most: Math.max(...all) };
}

const bestOf = (accuracy: Float32Array): number => accuracy.indexOf(Math.max(...accuracy));

/** The time that probing took, in seconds, and as a share of what the run's steps took. */
export function timeOf({ pixels, probes }: ProbeCourse, { seconds }: Pick<RunHistory, 'seconds'>) {
  const took = probes.reduce((sum, probe) => sum + probe.seconds, pixels.seconds);
  const steps = seconds.at(-1) ?? 0;
  return { took, share: steps > 0 ? took / steps : 0 };
}

/** To be taken away as a picture: what is on the page, with layers and steps along its sides. */
export function mapOf(run: string, { columns, layers, least, most }: LayerCourse, ink: CellMap['ink']): CellMap {
  const left = columns[0].from;
  const width = columns.at(-1)!.until - left;
  const cells = columns.flatMap(({ from, until, accuracy, best }) =>
    Array.from(
      accuracy,
      (share, layer): PlacedCell => ({
        x: (from - left) / width,
        y: (layers - 1 - layer) / layers,
        width: (until - from) / width,
        height: 1 / layers,
        fill: heatColour((share - least) / (most - least || 1)),
        marked: layer === best,
      }),
    ),
  );
  const rows = Array.from({ length: layers }, (_, layer) => ({
    at: (layers - 0.5 - layer) / layers,
    text: `Layer ${layer}`,
  }));
  const steps = columns.map(({ from, until, step }) => ({
    at: ((from + until) / 2 - left) / width,
    text: step.toLocaleString('en'),
  }));
  return {
    title: `${run}: accuracy by layer and step`,
    width: WIDTH,
    height: HEIGHT,
    cells,
    rows: some(rows, MOST_ROWS),
    columns: apart(steps, 1 / MOST_COLUMNS),
    xLabel: 'Step; a dot marks the best layer',
    scale: [percent(least), percent(most)],
    ink,
  };
}

/** The first of each few, so many at most. */
const some = <T>(all: T[], most: number): T[] => all.filter((_, i) => i % Math.ceil(all.length / most) === 0);

/** From the last on, those that stand so far from each other. */
function apart<T extends { at: number }>(all: T[], least: number): T[] {
  const kept: T[] = [];
  for (const one of all.toReversed()) if (kept.length === 0 || kept.at(-1)!.at - one.at >= least) kept.push(one);
  return kept.reverse();
}

/** A row a probe, a column a layer. */
export function csvOf({ chance, pixels, probes }: ProbeCourse): string {
  const layers = Array.from(probes[0]?.accuracy ?? [], (_, layer) => `layer_${layer}`);
  const head = ['step', ...layers, 'best_layer', 'raw_pixels', 'chance', 'seconds'];
  const rows = probes.map(({ step, seconds, accuracy }) => [
    step,
    ...accuracy,
    bestOf(accuracy),
    pixels.accuracy,
    chance,
    seconds,
  ]);
  return `${[head, ...rows].map((row) => row.join()).join('\n')}\n`;
}
