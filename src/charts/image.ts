/** A chart of lines as a file that stands by itself: its title above, its lines named below. */
import uPlot from 'uplot';
import { csvOf } from './csv.ts';
import { ink, lineInk } from './ink.ts';
import { lineSheet, type Tick } from './lineSheet.ts';
import type { Series } from './series.ts';
import { svgOf } from './svg.ts';
import { thinned } from './thin.ts';

/** In pixels. */
const EDGE = 16;
const ROW = 20;
const SWATCH = 16;
/** The x axis below the plot. */
const AXIS = 32;

/** What can be taken away of a chart. */
export interface Figure {
  csv: () => string;
  svg: () => string;
  png: () => Promise<Blob>;
}

export interface Drawn {
  title: string;
  xLabel: string;
  series: Series[];
  chart: uPlot;
  /** What the chart has written at the places of its axes. */
  ticks: Record<'x' | 'y', { value: number; text: string }[]>;
}

export const figureOf = (drawn: Drawn): Figure => ({
  csv: () => csvOf(drawn.xLabel, drawn.series),
  svg: () => chartSvg(drawn),
  png: () => chartPng(drawn),
});

function chartSvg({ title, xLabel, series, chart, ticks }: Drawn): string {
  const { bbox } = chart;
  const ratio = uPlot.pxRatio;
  const [x, y] = [bbox.left / ratio, bbox.top / ratio];
  const xOf = (value: number) => x + chart.valToPos(value, 'x');
  const yOf = (value: number) => y + chart.valToPos(value, 'y');
  const ticksOf = (axis: 'x' | 'y', of: (value: number) => number) =>
    ticks[axis].map(({ value, text }): Tick => ({ at: of(value), text }));
  const plot = {
    title,
    xLabel,
    series: series.map((line) => ({ ...line, ...thinned(line, chart.width) })),
    width: chart.width,
    height: bbox.top / ratio + bbox.height / ratio + AXIS,
    box: { x, y, width: bbox.width / ratio, height: bbox.height / ratio },
    xOf,
    yOf,
    xTicks: ticksOf('x', xOf),
    yTicks: ticksOf('y', yOf),
    ink,
  };
  return svgOf(lineSheet(plot));
}

function chartPng({ title, xLabel, series, chart }: Drawn): Promise<Blob> {
  const drawn = chart.ctx.canvas;
  const ratio = uPlot.pxRatio;
  const canvas = document.createElement('canvas');
  const names = series.map(({ label }) => label);
  canvas.width = drawn.width + 2 * EDGE * ratio;
  canvas.height = drawn.height + (2 * EDGE + ROW * (2 + names.length)) * ratio;
  const ctx = canvas.getContext('2d')!;
  ctx.fillStyle = ink('--paper');
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(drawn, EDGE * ratio, (EDGE + ROW) * ratio);

  ctx.scale(ratio, ratio);
  ctx.textBaseline = 'middle';
  const write = (text: string, x: number, y: number, weight: number) => {
    ctx.font = `${weight} 12px ${ink('--font')}`;
    ctx.fillStyle = ink('--ink');
    ctx.fillText(text, x, y);
  };
  write(title, EDGE, EDGE + ROW / 2, 600);
  const below = EDGE + ROW + drawn.height / ratio;
  ctx.textAlign = 'center';
  write(xLabel, canvas.width / ratio / 2, below + ROW / 2, 400);
  ctx.textAlign = 'left';
  series.forEach((line, i) => {
    const y = below + ROW * (i + 1.5);
    ctx.strokeStyle = lineInk(line);
    ctx.lineWidth = Math.max(2, line.width);
    ctx.setLineDash(line.dashed ? [4, 3] : []);
    ctx.beginPath();
    ctx.moveTo(EDGE, y);
    ctx.lineTo(EDGE + SWATCH, y);
    ctx.stroke();
    write(line.label, EDGE + SWATCH + 8, y, 400);
  });
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not make a PNG of this.')))),
  );
}
