/**
 * A live chart of lines over one axis, drawn by uPlot on a canvas: hover shows the values, dragging looks closer, a double
 * click goes back. Colours are names of custom properties, so that the chart follows the theme.
 */
import { useEffect, useId, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { ChartMenu } from './ChartMenu.tsx';
import { type Drawn, figureOf } from './image.ts';
import { ink, lineInk } from './ink.ts';
import styles from './LineChart.module.css';
import { drawMarks } from './marks.ts';
import type { Series, XScale } from './series.ts';
import { thinned } from './thin.ts';
import { useAppliedTheme } from './useAppliedTheme.ts';

interface Props {
  title: string;
  xLabel: string;
  x?: XScale;
  series: Series[];
  height: number;
  /** Of y. */
  format: (value: number) => string;
  /** Of the y axis. */
  logarithmic?: boolean;
  /** Hears which point was pressed: the one nearest to the pointer, by its line and x. */
  onPick?: (series: number, x: number) => void;
}

/** The share of the axis that is left free on both sides of the outermost points, where it is. */
const MARGIN = 0.03;
const AS_IT_COMES: XScale = {};

export function LineChart(props: Props) {
  const { title, xLabel, x = AS_IT_COMES, series, height, format, logarithmic = false } = props;
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const ticks = useRef<Drawn['ticks']>({ x: [], y: [] });
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
    const frame = { xLabel, x, height, format, logarithmic, width: box.clientWidth };
    const options = optionsOf(frame, () => latest.current, ticks.current);
    const made = new uPlot(options, dataOf(latest.current.series, x, box.clientWidth), box);
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
  }, [shape, xLabel, x, height, format]);

  useEffect(() => {
    const made = chart.current;
    if (made) made.setData(dataOf(series, x, made.width));
  }, [series, x]);

  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <div className={styles.head}>
        <figcaption id={id} className={styles.title}>
          {title}
        </figcaption>
        <ChartMenu
          title={title}
          figure={() =>
            chart.current && figureOf({ title, xLabel, series, chart: chart.current, ticks: ticks.current })
          }
        />
      </div>
      <div ref={place} className={styles.place} style={{ minHeight: height }} />
    </figure>
  );
}

/** uPlot wants one list of x for all lines: every line's own, sorted, and null where a line has no point. */
function dataOf(series: Series[], { extent }: XScale, width: number): uPlot.AlignedData {
  const tables = series.map((line) => {
    const { x, y } = thinned(line, width);
    return [x, y] as uPlot.AlignedData;
  });
  const ends: uPlot.AlignedData[] = extent ? [[[...extent]]] : [];
  const all = [...ends, ...tables];
  return all.length > 0 ? uPlot.join(all) : [[]];
}

interface Frame {
  xLabel: string;
  x: XScale;
  height: number;
  width: number;
  format: (value: number) => string;
  logarithmic: boolean;
}

/** Distances between whole numbers at an axis. */
const WHOLE = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

type Latest = () => Pick<Props, 'series' | 'onPick'>;

/** @param ticks is told what is written at the axes */
function optionsOf(
  { xLabel, x, height, width, format, logarithmic }: Frame,
  latest: Latest,
  ticks: Drawn['ticks'],
): uPlot.Options {
  const axis = (more: uPlot.Axis): uPlot.Axis => ({
    stroke: ink('--ink-soft'),
    font: `12px ${ink('--font')}`,
    grid: { stroke: ink('--line'), width: 1 },
    ticks: { stroke: ink('--line'), width: 1, size: 4 },
    ...more,
  });
  /** Null where there is no room for words. */
  const written = (at: 'x' | 'y', words: (value: number) => string) => (_: uPlot, splits: (number | null)[]) => {
    ticks[at] = splits.flatMap((value) => (value === null ? [] : { value, text: words(value) }));
    return splits.map((value) => (value === null ? '' : words(value)));
  };
  const formatX = x.format ?? ((value: number) => value.toLocaleString('en'));
  return {
    width,
    height,
    scales: {
      x: { time: false, distr: x.logarithmic ? 3 : 1, ...(x.margin && { range: withMargin(x.logarithmic ?? false) }) },
      y: {
        distr: logarithmic ? 3 : 1,
        ...(latest().series.some(({ error }) => error) && { range: rangeOfShares(latest) }),
      },
    },
    axes: [
      axis({
        size: 32,
        values: written('x', formatX),
        ...(x.whole && { incrs: WHOLE }),
        ...(x.ticks && { splits: [...x.ticks], filter: (_: uPlot, splits: number[]) => splits }),
      }),
      axis({ size: roomForWords, values: written('y', format) }),
    ],
    legend: { live: true },
    cursor: {
      points: { size: 6 },
      drag: { x: true, y: false },
      ...(x.exact && { dataIdx: (_chart: uPlot, _series: number, place: number) => place }),
    },
    hooks: {
      draw: [(chart) => drawMarks(chart, latest().series)],
      ready: [(chart) => hearPresses(chart, latest)],
    },
    series: [
      { label: xLabel, value: (_, at) => (at === null ? '–' : formatX(at)) },
      ...latest().series.map(
        (line): uPlot.Series => ({
          label: line.label,
          stroke: lineInk(line),
          width: line.width,
          dash: line.dashed ? [6, 4] : undefined,
          spanGaps: true,
          points: { show: line.points ?? false, size: 6, fill: ink(line.colour) },
          value: (_, y?: number | null) => (y === null || y === undefined ? '–' : format(y)),
        }),
      ),
    ],
  };
}

/** Width of the y axis in CSS pixels: nearly always the same, and more where a browser writes the words wider. */
function roomForWords(chart: uPlot, words: string[] | null, which: number): number {
  const { font, ticks, gap } = chart.axes[which];
  chart.ctx.font = String(font?.[0]); // at the screen's resolution
  const widest = Math.max(0, ...(words ?? []).map((text) => chart.ctx.measureText(text).width)) / uPlot.pxRatio;
  return Math.max(56, Math.ceil(widest + (ticks?.size ?? 0) + (gap ?? 0)));
}

/** A single point has room too. */
function withMargin(logarithmic: boolean): uPlot.Scale.Range {
  return (_, min, max) => {
    if (min === null || max === null) return [min, max];
    const [from, to] = logarithmic ? [Math.log(min), Math.log(max)] : [min, max];
    const room = to > from ? MARGIN * (to - from) : Math.abs(from) / 10 || 1;
    const ends = [from - room, to + room];
    return (logarithmic ? ends.map(Math.exp) : ends) as [number, number];
  };
}

/** Of shares with bars of error, which have room; all of it while there are none. */
function rangeOfShares(latest: Latest): uPlot.Scale.Range {
  return (_, min, max) => {
    if (min === null || max === null) return [0, 1];
    const reach = Math.max(0, ...latest().series.flatMap(({ error = [] }) => Array.from(error)));
    // No share lies below none or above all, whatever a bar would say.
    const [from, to] = uPlot.rangeNum(min - reach, max + reach, 0.1, true);
    return [Math.max(0, from ?? 0), Math.min(1, to ?? 1)];
  };
}

/** A press is no drag: the pointer leaves where it came down. */
function hearPresses(chart: uPlot, latest: Latest): void {
  let down = Number.NaN;
  chart.over.addEventListener('mousedown', (event) => {
    down = event.clientX;
  });
  chart.over.addEventListener('click', (event) => {
    const { idx, top } = chart.cursor;
    if (Math.abs(event.clientX - down) > 2 || idx === null || idx === undefined || top === undefined) return;
    const distances = latest().series.map((_, i) => {
      const y = chart.data[i + 1]?.[idx];
      return typeof y === 'number' ? Math.abs(chart.valToPos(y, 'y') - top) : Number.POSITIVE_INFINITY;
    });
    const nearest = distances.indexOf(Math.min(...distances));
    if (Number.isFinite(distances[nearest])) latest().onPick?.(nearest, chart.data[0][idx]);
  });
}
