/**
 * A live chart of lines over one axis, drawn by uPlot on a canvas: hover shows the values, dragging looks closer, a double
 * click goes back. Colours are names of custom properties, so that the chart follows the theme.
 */
import { useEffect, useId, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import styles from './LineChart.module.css';
import { type Line, thin } from './thin.ts';
import { useAppliedTheme } from './useAppliedTheme.ts';

export interface Series extends Line {
  label: string;
  /** A custom property, e.g. "--series-1". */
  colour: string;
  /** In pixels; 0 draws points alone. */
  width: number;
  /** Faint, behind the others. */
  faint?: boolean;
  dashed?: boolean;
  points?: boolean;
}

interface Props {
  title: string;
  xLabel: string;
  series: Series[];
  height: number;
  format: (value: number) => string;
  /** Of the y axis. */
  logarithmic?: boolean;
}

/** Points a pixel of width that are worth drawing. */
const POINTS_PER_PIXEL = 2;

export function LineChart({ title, xLabel, series, height, format, logarithmic = false }: Props) {
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(series);
  latest.current = series;
  const theme = useAppliedTheme();
  /** What changes the chart itself, and not only its data. */
  const shape = JSON.stringify([
    series.map(({ label, colour, width, faint, dashed, points }) => [label, colour, width, faint, dashed, points]),
    logarithmic,
    theme,
  ]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for everything that is read of the series.
  useEffect(() => {
    const box = place.current!;
    const options = optionsOf(latest.current, { xLabel, height, format, logarithmic, width: box.clientWidth });
    const made = new uPlot(options, dataOf(latest.current, box.clientWidth), box);
    chart.current = made;
    const observer = new ResizeObserver(() => {
      if (box.clientWidth !== made.width) made.setSize({ width: box.clientWidth, height });
    });
    observer.observe(box);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape, xLabel, height, format]);

  useEffect(() => {
    const made = chart.current;
    if (made) made.setData(dataOf(series, made.width));
  }, [series]);

  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <figcaption id={id} className={styles.title}>
        {title}
      </figcaption>
      <div ref={place} className={styles.place} style={{ minHeight: height }} />
    </figure>
  );
}

/** uPlot wants one list of x for all lines: every line's own, sorted, and null where a line has no point. */
function dataOf(series: Series[], width: number): uPlot.AlignedData {
  const tables = series.map((line) => {
    const { x, y } = thin(line, Math.max(200, POINTS_PER_PIXEL * width));
    return [x, y] as uPlot.AlignedData;
  });
  return tables.length > 0 ? uPlot.join(tables) : [[]];
}

interface Frame {
  xLabel: string;
  height: number;
  width: number;
  format: (value: number) => string;
  logarithmic: boolean;
}

function optionsOf(series: Series[], { xLabel, height, width, format, logarithmic }: Frame): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const ink = (name: string) => style.getPropertyValue(name).trim();
  const axis = (more: uPlot.Axis): uPlot.Axis => ({
    stroke: ink('--ink-soft'),
    font: `12px ${ink('--font')}`,
    grid: { stroke: ink('--line'), width: 1 },
    ticks: { stroke: ink('--line'), width: 1, size: 4 },
    ...more,
  });
  return {
    width,
    height,
    scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1 } },
    axes: [
      axis({ size: 32, values: (_, splits) => splits.map((x) => x.toLocaleString('en')) }),
      axis({ size: 56, values: (_, splits) => splits.map((y) => (y === null ? '' : format(y))) }),
    ],
    legend: { live: true },
    cursor: { points: { size: 6 }, drag: { x: true, y: false } },
    series: [
      { label: xLabel, value: (_, x) => (x === null ? '–' : x.toLocaleString('en')) },
      ...series.map((line): uPlot.Series => {
        const colour = ink(line.colour);
        return {
          label: line.label,
          stroke: line.faint ? `color-mix(in srgb, ${colour} 35%, transparent)` : colour,
          width: line.width,
          dash: line.dashed ? [6, 4] : undefined,
          spanGaps: true,
          points: { show: line.points ?? false, size: 6, fill: colour },
          value: (_, y) => (y === null ? '–' : format(y)),
        };
      }),
    ],
  };
}
