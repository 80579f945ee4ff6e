/** What each layer knows while a run goes on: a heat map of layers over steps, and the accuracies of the latest probe. */
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { ProbeCourse, RunHistory, RunInfo } from '../../workers/contract.ts';
import { ChartMenu } from '../charts/ChartMenu.tsx';
import { cellFigure, heatColour } from '../charts/cellSheet.ts';
import { ink } from '../charts/ink.ts';
import { LineChart } from '../charts/LineChart.tsx';
import type { Series, XScale } from '../charts/series.ts';
import { HEAT_GRADIENT } from '../complete/heatColours.ts';
import { counted, duration, percent } from '../ui/format.ts';
import styles from './LayerProbes.module.css';
import { csvOf, type LayerCourse, layerCourseOf, mapOf, timeOf } from './layerCourse.ts';

export function LayerProbes({ info, history }: { info: RunInfo; history: RunHistory }) {
  const { probe } = history;
  if (probe && probe.probes.length > 0) return <Probed name={info.name} probe={probe} history={history} />;
  return info.probeProblem ? <p className={styles.text}>{info.probeProblem}</p> : null;
}

interface ProbedProps {
  name: string;
  probe: ProbeCourse;
  history: RunHistory;
}

function Probed({ name, probe, history }: ProbedProps) {
  const course = useMemo(() => layerCourseOf(probe), [probe]);
  const latest = useMemo(() => latestOf(probe), [probe]);
  const x = useMemo((): XScale => ({ extent: [0, course.layers - 1], whole: true, margin: true }), [course.layers]);
  const { took, share } = timeOf(probe, history);
  return (
    <section className={styles.probes} aria-labelledby="layers-know">
      <div className={styles.head}>
        <h3 id="layers-know" className={styles.title}>
          What each layer knows
        </h3>
        <ChartMenu
          title="What each layer knows"
          figure={() =>
            cellFigure(
              () => mapOf(name, course, ink),
              () => csvOf(probe),
            )
          }
        />
      </div>
      <div className={styles.charts}>
        <HeatMap course={course} />
        <LineChart
          title={`Accuracy by layer at step ${probe.probes.at(-1)!.step.toLocaleString('en')}`}
          xLabel="Layer"
          x={x}
          series={latest}
          height={200}
          format={percent}
        />
      </div>
      <p className={styles.text}>
        The share of {counted(probe.tested, 'held-back picture')} that a linear classifier, taught on{' '}
        {counted(probe.learnt, 'other')} with a fixed penalty, puts into the right class by the features of one layer;
        the standard error is {percent(errorOf(probe))}. Probing took {duration(took)}: {percent(share)} of the time of
        the steps.
      </p>
    </section>
  );
}

function latestOf({ probes, pixels, chance }: ProbeCourse): Series[] {
  const { accuracy } = probes.at(-1)!;
  const x = Array.from(accuracy, (_, layer) => layer);
  const level = (label: string, share: number): Series => ({
    label,
    x,
    y: x.map(() => share),
    colour: '--ink-faint',
    width: 1.5,
    dashed: true,
    faint: label === 'Guessing',
  });
  return [
    { label: 'Layers', x, y: accuracy, colour: '--series-1', width: 2, points: true },
    level('Raw pixels', pixels.accuracy),
    level('Guessing', chance),
  ];
}

/** Of the best layer's accuracy in the latest probe, as a share of so many pictures. */
function errorOf({ probes, tested }: ProbeCourse): number {
  const best = Math.max(...probes.at(-1)!.accuracy);
  return Math.sqrt((best * (1 - best)) / tested);
}

interface Cell {
  probe: number;
  layer: number;
}

const STEPS: Readonly<Record<string, Cell>> = {
  ArrowLeft: { probe: -1, layer: 0 },
  ArrowRight: { probe: 1, layer: 0 },
  ArrowUp: { probe: 0, layer: 1 },
  ArrowDown: { probe: 0, layer: -1 },
};

function HeatMap({ course }: { course: LayerCourse }) {
  const { columns, layers, least, most } = course;
  const [pointed, setPointed] = useState<Cell | null>(null);
  const last = columns.length - 1;
  const left = columns[0].from;
  const width = columns[last].until - left;
  // A run that went back to what was saved may have lost the probe that was pointed to.
  const cell = pointed && pointed.probe <= last ? pointed : null;

  const move = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = cell ?? { probe: last, layer: columns[last].best };
    const within = (place: number, end: number) => Math.min(end, Math.max(0, place));
    setPointed(
      cell ? { probe: within(at.probe + by.probe, last), layer: within(at.layer + by.layer, layers - 1) } : at,
    );
  };

  return (
    <figure className={styles.map}>
      <div className={styles.plane}>
        <span className={styles.layer}>Layer {layers - 1}</span>
        <span className={styles.layer}>0</span>
        <div
          role="application"
          aria-label={`Accuracy by layer and step, ${counted(columns.length, 'probe')} of ${layers} layers. ${told(course, null)} Arrow keys go from one to the next.`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its cells are read by keyboard
          tabIndex={0}
          className={styles.cells}
          onKeyDown={move}
          onPointerLeave={() => setPointed(null)}
          onBlur={() => setPointed(null)}
        >
          <svg viewBox={`0 0 ${width} ${layers}`} preserveAspectRatio="none" aria-hidden="true">
            {columns.map(({ from, until, step, accuracy }, probe) =>
              Array.from(accuracy, (share, layer) => (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: layers have no other name
                  key={`${step} ${layer}`}
                  x={from - left}
                  y={layers - 1 - layer}
                  width={until - from}
                  height={1}
                  fill={heatColour((share - least) / (most - least || 1))}
                  data-accuracy={share}
                  onPointerMove={() => setPointed({ probe, layer })}
                />
              )),
            )}
          </svg>
          {columns.map(({ from, until, step, best }) => (
            <span
              key={step}
              className={styles.best}
              style={placed(((from + until) / 2 - left) / width, (best + 0.5) / layers)}
            />
          ))}
          {cell && (
            <span
              className={styles.pointed}
              style={{
                ...placed((columns[cell.probe].from - left) / width, cell.layer / layers),
                width: `${(100 * (columns[cell.probe].until - columns[cell.probe].from)) / width}%`,
                height: `${100 / layers}%`,
              }}
            />
          )}
        </div>
      </div>
      <div className={styles.steps}>
        <span>Step {columns[0].step.toLocaleString('en')}</span>
        {last > 0 && <span>{columns[last].step.toLocaleString('en')}</span>}
      </div>
      <div className={styles.scale}>
        <span>{percent(least)}</span>
        <span className={styles.ramp} style={{ backgroundImage: HEAT_GRADIENT }} />
        <span>{percent(most)}</span>
      </div>
      <p className={styles.reading} aria-live={cell ? 'polite' : 'off'}>
        {told(course, cell)}
      </p>
    </figure>
  );
}

/** A cell in words, or of the latest probe the best one. */
function told({ columns }: LayerCourse, cell: Cell | null): string {
  const { step, accuracy, best } = columns[cell?.probe ?? columns.length - 1];
  const top = `best layer ${best}, ${percent(accuracy[best])}`;
  const at = `Step ${step.toLocaleString('en')}: `;
  return cell ? `${at}layer ${cell.layer}, ${percent(accuracy[cell.layer])}; ${top}.` : `${at}${top}.`;
}

const placed = (x: number, y: number) => ({ left: `${100 * x}%`, bottom: `${100 * y}%` });
