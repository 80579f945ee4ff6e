/** Figures as SVG files: whole, escaped, and with every point where the axes say. */
import { describe, expect, it } from 'vitest';
import { type CellMap, cellSheet } from './cellSheet.ts';
import { lineSheet, type Plot } from './lineSheet.ts';
import type { Sheet } from './shapes.ts';
import { svgOf } from './svg.ts';

const ink = (name: string) => `ink${name}`;
const look = { colour: '--series-1', width: 2 };

/** 0 to 10 over 100 pixels from 50 on; 0 to 1 over 200, upwards from 210. */
const plot: Plot = {
  title: 'A <b>"chart"</b> & more',
  xLabel: 'Layer',
  series: [
    { ...look, label: 'Mine\u0007 & <yours>', x: [0, 5, 10], y: [0, 0.25, 1], error: [0, 0.125, 0], points: true },
    { ...look, label: 'Level', x: [0, 10], y: [0.5, 0.5], dashed: true, faint: true },
  ],
  width: 170,
  height: 250,
  box: { x: 50, y: 10, width: 100, height: 200 },
  xOf: (x) => 50 + 10 * x,
  yOf: (y) => 210 - 200 * y,
  xTicks: [
    { at: 50, text: '0' },
    { at: 150, text: '10' },
    { at: 400, text: 'beyond' },
  ],
  yTicks: [{ at: 110, text: '50 %' }],
  ink,
};

/** Checks that every element is closed and every attribute quoted, and gives elements by name. */
function parsed(svg: string): Record<string, { values: Record<string, string>; text: string }[]> {
  const found: Record<string, { values: Record<string, string>; text: string }[]> = {};
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>([^<>]*)/g,
    (_, closing, name, attributes, empty, text) => {
      if (closing) expect(open.pop()).toBe(name);
      else {
        const values = Object.fromEntries(
          [...attributes.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
        );
        found[name] = [...(found[name] ?? []), { values, text }];
        if (!empty) open.push(name);
      }
      return '';
    },
  );
  expect(rest.trim()).toBe('');
  expect(open).toEqual([]);
  expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
  return found;
}

const pointsOf = ({ values }: { values: Record<string, string> }): number[][] =>
  values.points.split(' ').map((point) => point.split(',').map(Number));

describe('a chart of lines', () => {
  const found = parsed(svgOf(lineSheet(plot)));

  it('has every point where its axes say', () => {
    const lines = found.polyline.map(pointsOf);
    // Below a title and within an edge.
    const [dx, dy] = [16, 36];
    expect(lines).toContainEqual([
      [50 + dx, 210 + dy],
      [100 + dx, 160 + dy],
      [150 + dx, 10 + dy],
    ]);
    expect(lines).toContainEqual([
      [50 + dx, 110 + dy],
      [150 + dx, 110 + dy],
    ]);
    // The bar through the middle point.
    expect(lines).toContainEqual([
      [100 + dx, 135 + dy],
      [100 + dx, 185 + dy],
    ]);
    expect(found.circle.map(({ values }) => [Number(values.cx), Number(values.cy)])).toEqual([
      [66, 246],
      [116, 196],
      [166, 46],
    ]);
  });

  it('has its title, ticks, label and legend as text, and nothing from beyond its axes', () => {
    expect(found.text.map(({ text }) => text)).toEqual([
      'A &lt;b&gt;&quot;chart&quot;&lt;/b&gt; &amp; more',
      '0',
      '10',
      '50 %',
      'Layer',
      'Mine &amp; &lt;yours&gt;',
      'Level',
    ]);
  });

  it('has the look of its lines', () => {
    const line = found.polyline.find((one) => pointsOf(one).length === 2 && one.values.opacity);
    expect(line!.values).toMatchObject({ stroke: 'ink--series-1', 'stroke-dasharray': '6 4', opacity: '0.35' });
  });
});

it('a ring has its name beside it, and a second one another place', () => {
  const mark = { place: 0, text: 'Layer 0' };
  const series = [1, 2].map((width) => ({ ...look, width, label: '', x: [5, 6], y: [0.5, 0.25], mark }));
  const { text } = parsed(svgOf(lineSheet({ ...plot, series })));
  const [one, other] = text.filter((shape) => shape.text === 'Layer 0').map(({ values }) => Number(values.y));
  expect(Math.abs(one - other)).toBeGreaterThanOrEqual(14);
});

it('a map has each cell at its place, in its colour', () => {
  const map: CellMap = {
    title: 'Cells',
    width: 100,
    height: 50,
    cells: [
      { x: 0, y: 0, width: 0.25, height: 1, fill: 'red' },
      { x: 0.25, y: 0, width: 0.75, height: 1, fill: 'blue', opacity: 0.125, text: '7', marked: true },
    ],
    rows: [{ at: 0.5, text: 'Row' }],
    columns: [{ at: 0.125, text: 'Left' }],
    xLabel: 'Column',
    scale: ['0 %', '100 %'],
    ink,
  };
  const found = parsed(svgOf(cellSheet(map)));
  const [, left, right] = found.rect.map(({ values }) => values);
  const at = 16 + 21 + 8;
  expect(left).toMatchObject({ x: String(at), y: '44', width: '25', height: '50', fill: 'red' });
  expect(right).toMatchObject({ x: String(at + 25), width: '75', fill: 'blue', opacity: '0.13' });
  expect(found.circle[0].values).toMatchObject({ cx: String(at + 62.5), cy: '69' });
  expect(found.text.map(({ text }) => text)).toEqual(['Cells', '7', 'Row', 'Left', 'Column', '0 %', '100 %']);
});

it('quotes in the names of fonts end no attribute', () => {
  const sheet: Sheet = { title: '', width: 1, height: 1, paper: '#fff', font: `'Inter "x"', serif`, shapes: [] };
  expect(parsed(svgOf(sheet)).svg[0].values['font-family']).toBe("'Inter &quot;x&quot;', serif");
});
