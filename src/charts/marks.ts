/** What a chart has beside its lines: bars of error, and rings with a name around the points that matter most. */
import uPlot from 'uplot';
import { ink, lineInk } from './ink.ts';
import type { Series } from './series.ts';

/** In pixels. */
const CAP = 3;
const RING = 6;
const TEXT = 12;

export function drawMarks(chart: uPlot, series: Series[]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const line of series) drawErrors(chart, line);
  const taken: Box[] = [];
  for (const line of series) drawRing(chart, line, taken);
  ctx.restore();
}

function drawErrors(chart: uPlot, line: Series): void {
  const { x, y, error } = line;
  if (!error) return;
  const { ctx } = chart;
  const cap = CAP * uPlot.pxRatio;
  ctx.strokeStyle = lineInk(line);
  ctx.lineWidth = uPlot.pxRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  for (let i = 0; i < x.length; i++) {
    const across = chart.valToPos(x[i], 'x', true);
    const [top, bottom] = [y[i] + error[i], y[i] - error[i]].map((at) => chart.valToPos(at, 'y', true));
    ctx.moveTo(across, top);
    ctx.lineTo(across, bottom);
    for (const end of [top, bottom]) {
      ctx.moveTo(across - cap, end);
      ctx.lineTo(across + cap, end);
    }
  }
  ctx.stroke();
}

interface Box {
  left: number;
  top: number;
  width: number;
}

/** Its name stands above it and its bar, or further up where another name stands already. */
function drawRing(chart: uPlot, line: Series, taken: Box[]): void {
  const { x, y, error, mark } = line;
  if (!mark || mark.place >= x.length) return;
  const { ctx, bbox } = chart;
  const ratio = uPlot.pxRatio;
  const at = { x: chart.valToPos(x[mark.place], 'x', true), y: chart.valToPos(y[mark.place], 'y', true) };
  ctx.strokeStyle = ink(line.colour);
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(at.x, at.y, RING * ratio, 0, 2 * Math.PI);
  ctx.stroke();

  ctx.font = `600 ${TEXT * ratio}px ${ink('--font')}`;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  const height = (TEXT + 2) * ratio;
  const width = ctx.measureText(mark.text).width;
  const left = Math.max(bbox.left, Math.min(at.x - width / 2, bbox.left + bbox.width - width));
  const meets = (top: number) =>
    taken.some((box) => Math.abs(box.top - top) < height && left < box.left + box.width && box.left < left + width);
  const above = chart.valToPos(y[mark.place] + (error?.[mark.place] ?? 0), 'y', true);
  let top = Math.min(above, at.y - RING * ratio) - height - 2 * ratio;
  while (meets(top)) top -= height;
  // At the upper edge there is room below alone.
  if (top < bbox.top) top = at.y + (RING + 2) * ratio;
  while (meets(top)) top += height;
  taken.push({ left, top, width });
  ctx.lineWidth = 3 * ratio;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = ink('--paper');
  ctx.strokeText(mark.text, left, top);
  ctx.fillStyle = ink('--ink');
  ctx.fillText(mark.text, left, top);
}
