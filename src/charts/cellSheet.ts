/** A map of cells as a sheet: cells in their colours, names along both sides, and below a scale of the colours where there is one. */
import { HEAT_COLOURS, HEAT_STEPS } from '../complete/heatColours.ts';
import type { Figure } from './image.ts';
import { pngOf } from './paint.ts';
import type { Shape, Sheet } from './shapes.ts';
import { svgOf } from './svg.ts';

/** In shares of the plane, from its upper left. */
export interface PlacedCell {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
  opacity?: number;
  /** Written in its middle. */
  text?: string;
  /** Has a dot in its middle. */
  marked?: boolean;
}

interface Name {
  /** A share of the plane's side. */
  at: number;
  text: string;
}

export interface CellMap {
  title: string;
  /** Of the plane, in pixels. */
  width: number;
  height: number;
  cells: PlacedCell[];
  rows: Name[];
  columns: Name[];
  /** Names of columns read from below to above. */
  upright?: boolean;
  /** What stands below the columns. */
  xLabel: string;
  /** What the first and the last colour mean. */
  scale?: [least: string, most: string];
  /** A custom property's value. */
  ink: (name: string) => string;
}

/** In pixels. */
const EDGE = 16;
const ROW = 20;
const GAP = 8;
/** Letters are at most about so wide: SVG tells nothing of them before it is drawn. */
const LETTER = 7;
/** Rectangles of a scale of colours. */
const SCALE_PARTS = 64;

export function cellSheet(map: CellMap): Sheet {
  const { title, width, height, cells, rows, columns, upright, xLabel, scale, ink } = map;
  const longest = (names: Pick<Name, 'text'>[]) => Math.max(0, ...names.map(({ text }) => LETTER * text.length));
  const left = EDGE + longest(rows) + GAP;
  const top = EDGE + ROW + GAP;
  const below = top + height;
  const under = below + (upright ? longest(columns) + 2 * GAP : ROW);
  const words = longest([{ text: title }, { text: xLabel }]);
  const right = Math.max(left + width, EDGE + words);
  const label = { kind: 'text', fill: ink('--ink-soft') } as const;
  const shapes: Shape[] = [
    { ...label, x: EDGE, y: EDGE + ROW / 2, text: title, fill: ink('--ink'), bold: true },
    ...cells.map(
      (cell): Shape => ({
        kind: 'rect',
        x: left + cell.x * width,
        y: top + cell.y * height,
        width: cell.width * width,
        height: cell.height * height,
        fill: cell.fill,
        opacity: cell.opacity,
      }),
    ),
    ...cells.flatMap((cell): Shape[] => {
      const [x, y] = [left + (cell.x + cell.width / 2) * width, top + (cell.y + cell.height / 2) * height];
      return [
        ...(cell.text
          ? [{ ...label, x, y, text: cell.text, fill: ink('--ink'), anchor: 'middle' as const, size: 11 }]
          : []),
        ...(cell.marked
          ? [{ kind: 'dot' as const, x, y, r: 3.5, fill: '#ffffff', stroke: '#000000', width: 1.5 }]
          : []),
      ];
    }),
    ...rows.map(({ at, text }): Shape => ({ ...label, x: left - GAP, y: top + at * height, text, anchor: 'end' })),
    ...columns.map(
      ({ at, text }): Shape =>
        upright
          ? { ...label, x: left + at * width, y: below + GAP, text, anchor: 'end', upright }
          : { ...label, x: left + at * width, y: below + ROW / 2, text, anchor: 'middle' },
    ),
    { ...label, x: Math.max(EDGE + words / 2, left + width / 2), y: under + ROW / 2, text: xLabel, anchor: 'middle' },
    ...(scale ? ramp(scale, left, under + 1.5 * ROW, width, label) : []),
  ];
  return {
    title,
    width: right + EDGE + GAP,
    height: under + ROW * (scale ? 2 : 1) + EDGE,
    paper: ink('--paper'),
    font: ink('--font'),
    shapes,
  };
}

function ramp(
  [least, most]: [string, string],
  left: number,
  y: number,
  width: number,
  label: { kind: 'text'; fill: string },
): Shape[] {
  const [from, to] = [left + LETTER * least.length + GAP, left + width - LETTER * most.length - GAP];
  const part = (to - from) / SCALE_PARTS;
  return [
    { ...label, x: left, y, text: least },
    ...Array.from(
      { length: SCALE_PARTS },
      (_, i): Shape => ({
        kind: 'rect',
        x: from + i * part,
        y: y - 4,
        width: part,
        height: 8,
        fill: heatColour(i / (SCALE_PARTS - 1)),
      }),
    ),
    { ...label, x: left + width, y, text: most, anchor: 'end' },
  ];
}

/** What can be taken away of a map. @param map made when it is asked for, in the colours of then */
export const cellFigure = (map: () => CellMap, csv: () => string): Figure => ({
  csv,
  svg: () => svgOf(cellSheet(map())),
  png: () => pngOf(cellSheet(map())),
});

/** Of a share from 0 to 1, as every reader of SVG understands it. */
export function heatColour(share: number): string {
  const at = 3 * Math.round(share * (HEAT_STEPS - 1));
  return `rgb(${HEAT_COLOURS.slice(at, at + 3).join(',')})`;
}
