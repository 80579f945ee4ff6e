/** A chart of lines as a sheet: what is on the screen, with its title above and its lines named below. */
import type { Series } from './series.ts';
import type { Path, Shape, Sheet } from './shapes.ts';

/** Numbered places of an axis, in pixels of the plot. */
export interface Tick {
  at: number;
  text: string;
}

/** A chart as it is drawn, whoever draws it; pixels count from the upper left of its canvas. */
export interface Plot {
  title: string;
  xLabel: string;
  /** With the points that are drawn. */
  series: Series[];
  /** Axes and all. */
  width: number;
  height: number;
  box: { x: number; y: number; width: number; height: number };
  xOf: (value: number) => number;
  yOf: (value: number) => number;
  xTicks: Tick[];
  yTicks: Tick[];
  /** A custom property's value. */
  ink: (name: string) => string;
}

/** In pixels. */
const EDGE = 16;
const ROW = 20;
const SWATCH = 16;
const CAP = 3;
const RING = 6;
const POINT = 3;
/** How much of a faint line is seen. */
const FAINT = 0.35;
/** Letters are at most about so wide: SVG tells nothing of them before it is drawn. */
const LETTER = 7;

export function lineSheet(plot: Plot): Sheet {
  const { title, xLabel, series, width, height, ink } = plot;
  const top = EDGE + ROW;
  const below = top + height;
  const shapes: Shape[] = [
    { kind: 'text', x: EDGE, y: EDGE + ROW / 2, text: title, fill: ink('--ink'), bold: true },
    ...[...axes(plot), ...series.flatMap((line) => strokes(line, plot)), ...marks(plot)].map((shape) =>
      moved(shape, EDGE, top),
    ),
    { kind: 'text', x: EDGE + width / 2, y: below + ROW / 2, text: xLabel, fill: ink('--ink'), anchor: 'middle' },
    ...series.flatMap((line, i) => named(line, below + ROW * (i + 1.5), ink)),
  ];
  const { box } = plot;
  return {
    title,
    width: width + 2 * EDGE,
    height: below + ROW * (1 + series.length) + EDGE,
    paper: ink('--paper'),
    font: ink('--font'),
    clip: { ...box, x: box.x + EDGE, y: box.y + top },
    shapes,
  };
}

function axes({ box, xTicks, yTicks, ink }: Plot): Shape[] {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const grid = { kind: 'path', stroke: ink('--line'), width: 1 } as const;
  const label = { kind: 'text', fill: ink('--ink-soft') } as const;
  const inside = (ticks: Tick[], from: number, to: number) => ticks.filter(({ at }) => at >= from - 1 && at <= to + 1);
  return [
    ...inside(xTicks, box.x, right).flatMap(({ at, text }): Shape[] => [
      {
        ...grid,
        points: [
          [at, box.y],
          [at, bottom + 4],
        ],
      },
      { ...label, x: at, y: bottom + 16, text, anchor: 'middle' },
    ]),
    ...inside(yTicks, box.y, bottom).flatMap(({ at, text }): Shape[] => [
      {
        ...grid,
        points: [
          [box.x - 4, at],
          [right, at],
        ],
      },
      { ...label, x: box.x - 8, y: at, text, anchor: 'end' },
    ]),
  ];
}

const strokeOf = ({ colour, width, dashed, faint }: Series, ink: Plot['ink']) => ({
  stroke: ink(colour),
  width,
  ...(dashed && { dash: [6, 4] }),
  ...(faint && { opacity: FAINT }),
});

/** The line, its points and the bars through them. */
function strokes(line: Series, { xOf, yOf, ink }: Plot): Shape[] {
  const { x, y, error, points, width, faint } = line;
  const at = Array.from(x, (value, i) => [xOf(value), yOf(y[i])] as const);
  const bars = Array.from(error ?? []).flatMap((reach, i): Path[] => {
    const across = at[i][0];
    const ends = [yOf(y[i] + reach), yOf(y[i] - reach)];
    const bar = { kind: 'path', stroke: ink(line.colour), width: 1, clipped: true } as const;
    return [
      { ...bar, points: ends.map((end) => [across, end] as const) },
      ...ends.map(
        (end): Path => ({
          ...bar,
          points: [
            [across - CAP, end],
            [across + CAP, end],
          ],
        }),
      ),
    ];
  });
  const dots = (points ? at : []).map(
    ([cx, cy]): Shape => ({
      kind: 'dot',
      x: cx,
      y: cy,
      r: POINT,
      fill: ink(line.colour),
      ...(faint && { opacity: FAINT }),
      clipped: true,
    }),
  );
  const own: Shape[] =
    width > 0 && at.length > 1 ? [{ kind: 'path', points: at, ...strokeOf(line, ink), clipped: true }] : [];
  return [...bars, ...own, ...dots];
}

/** Rings and their names, each of which stands where none stands yet. */
function marks({ series, box, xOf, yOf, ink }: Plot): Shape[] {
  const taken: { left: number; right: number; y: number }[] = [];
  return series.flatMap(({ x, y, error, mark, colour }): Shape[] => {
    if (!mark || mark.place >= x.length) return [];
    const at = { x: xOf(x[mark.place]), y: yOf(y[mark.place]) };
    const half = (LETTER * mark.text.length) / 2;
    const middle = Math.max(box.x + half, Math.min(at.x, box.x + box.width - half));
    const [left, right] = [middle - half, middle + half];
    const meets = (row: number) =>
      taken.some((one) => Math.abs(one.y - row) < ROW - 4 && left < one.right && one.left < right);
    let row = Math.min(yOf(y[mark.place] + (error?.[mark.place] ?? 0)), at.y - RING) - 10;
    while (meets(row)) row -= ROW - 4;
    // At the upper edge there is room below alone.
    if (row < box.y + 8) row = at.y + RING + 10;
    while (meets(row)) row += ROW - 4;
    taken.push({ left, right, y: row });
    const name: Shape = {
      kind: 'text',
      x: middle,
      y: row,
      text: mark.text,
      fill: ink('--ink'),
      anchor: 'middle',
      bold: true,
      halo: ink('--paper'),
    };
    return [{ kind: 'dot', ...at, r: RING, stroke: ink(colour), width: 1.5 }, name];
  });
}

/** A line of the legend. */
function named(line: Series, y: number, ink: Plot['ink']): Shape[] {
  const stroke = strokeOf({ ...line, width: Math.max(2, line.width) }, ink);
  return [
    {
      kind: 'path',
      points: [
        [EDGE, y],
        [EDGE + SWATCH, y],
      ],
      ...stroke,
      ...(line.dashed && { dash: [4, 3] }),
    },
    { kind: 'text', x: EDGE + SWATCH + 8, y, text: line.label, fill: ink('--ink') },
  ];
}

function moved(shape: Shape, dx: number, dy: number): Shape {
  if (shape.kind === 'path') return { ...shape, points: shape.points.map(([x, y]) => [x + dx, y + dy]) };
  return { ...shape, x: shape.x + dx, y: shape.y + dy };
}
