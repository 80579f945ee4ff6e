/** A run's course in charts: loss large, with the runs that it is compared with; rate, gradient and speed small. */
import { useMemo, useState } from 'react';
import type { RunHistory, RunInfo } from '../../workers/contract.ts';
import { LineChart } from '../charts/LineChart.tsx';
import type { Series, XScale } from '../charts/series.ts';
import { smooth } from '../charts/thin.ts';
import { useTraining } from '../state/training.ts';
import { Choice } from '../ui/Choice.tsx';
import { percent } from '../ui/format.ts';
import { publishedCurve } from './published.ts';
import styles from './RunCharts.module.css';

const UNITS = [
  { value: 'nats', label: 'nats/pixel' },
  { value: 'bits', label: 'bits/pixel' },
] as const;
type Unit = (typeof UNITS)[number]['value'];

/** What each loss weighs against the next one in the smoothed line. */
const KEEP = 0.9;
/** Colours of compared runs; the first one is the run's own. */
const COLOURS = ['--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];

const STEPS: XScale = { whole: true };

export function RunCharts({ info, history }: { info: RunInfo; history: RunHistory }) {
  const [unit, setUnit] = useState<Unit>('nats');
  const steps = useMemo(() => stepsOf(history), [history]);
  const own = useMemo(() => lossSeries('This run', history, steps, '--series-1', unit, true), [history, steps, unit]);
  const others = useCompared(info.id, unit);
  const losses = useMemo(() => [...own, ...others, ...published(info, unit)], [own, others, info, unit]);
  const small = useMemo(
    () => [
      { title: 'Learning rate', series: [line('Learning rate', steps, history.rate)] },
      { title: 'Gradient norm', series: [gradientLine(history, steps)] },
      { title: 'Tokens a second', series: [line('Tokens/s', steps, speeds(history, info))] },
    ],
    [history, steps, info],
  );
  const accuracy = useMemo(() => accuracySeries(history, steps), [history, steps]);
  const name = unit === 'nats' ? 'Loss in nats/pixel' : 'Loss in bits/pixel';
  return (
    <div className={styles.charts}>
      <div className={styles.loss}>
        <div className={styles.unit}>
          <Choice label="Unit of the loss" options={UNITS} value={unit} onChange={setUnit} />
        </div>
        <LineChart title={name} xLabel="Step" x={STEPS} series={losses} height={280} format={threeDigits} />
      </div>
      {accuracy && (
        <LineChart title="Accuracy" xLabel="Step" x={STEPS} series={accuracy} height={200} format={percent} />
      )}
      {small.map(({ title, series }) => (
        <LineChart
          key={title}
          title={title}
          xLabel="Step"
          x={STEPS}
          series={series}
          height={140}
          format={shortNumber}
        />
      ))}
    </div>
  );
}

/** Runs that are compared stand still while this one moves: what is drawn of them is made once. */
function useCompared(shown: string, unit: Unit): Series[] {
  const compared = useTraining((s) => s.compared);
  const names = useTraining((s) => JSON.stringify([...s.compared.keys()].map((id) => nameOf(id, s.list))));
  return useMemo(() => {
    const named: string[] = JSON.parse(names);
    return [...compared]
      .map(([id, history], i) => ({ id, history, name: named[i] }))
      .filter(({ id }) => id !== shown)
      .flatMap(({ history, name }, i) =>
        lossSeries(name, history, stepsOf(history), COLOURS[i % COLOURS.length], unit, false),
      );
  }, [compared, names, shown, unit]);
}

const nameOf = (id: string, list: RunInfo[] | null): string => list?.find((run) => run.id === id)?.name ?? 'Run';

const stepsOf = ({ loss }: RunHistory): Float64Array => Float64Array.from(loss, (_, i) => i + 1);
const threeDigits = (value: number): string => value.toFixed(3);
const shortNumber = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });

const line = (label: string, x: ArrayLike<number>, y: ArrayLike<number>): Series => ({
  label,
  x,
  y,
  colour: '--series-1',
  width: 1.5,
});

function lossSeries(
  name: string,
  history: RunHistory,
  x: Float64Array,
  colour: string,
  unit: Unit,
  raw: boolean,
): Series[] {
  const scale = unit === 'nats' ? 1 : 1 / Math.LN2;
  const loss = Float64Array.from(history.loss, (nats) => nats * scale);
  const judged = history.validations;
  const whose = raw ? '' : `${name}: `;
  return [
    ...(raw ? [{ label: 'Each batch', x, y: loss, colour, width: 1, faint: true }] : []),
    { label: `${whose}${raw ? 'Training, smoothed' : 'training'}`, x, y: smooth(loss, KEEP), colour, width: 2 },
    {
      label: `${whose}${raw ? 'Held-out pictures' : 'held-out'}`,
      x: judged.map(({ step }) => step),
      y: judged.map((one) => one.loss * scale),
      colour: raw ? '--series-2' : colour,
      width: 1.5,
      dashed: !raw,
      points: raw,
    },
  ];
}

/** Where classes are learnt. */
function accuracySeries({ classes, validations }: RunHistory, x: Float64Array): Series[] | undefined {
  if (!classes) return undefined;
  const judged = validations.flatMap(({ step, classes: told }) => (told ? [{ step, accuracy: told.accuracy }] : []));
  return [
    { ...line('Training, smoothed', x, smooth(Float64Array.from(classes.accuracy), KEEP)), width: 2 },
    {
      label: 'Held-out pictures',
      x: judged.map(({ step }) => step),
      y: judged.map((one) => one.accuracy),
      colour: '--series-2',
      width: 1.5,
      points: true,
    },
  ];
}

function published(info: RunInfo, unit: Unit): Series[] {
  const curve = publishedCurve(info);
  if (!curve) return [];
  const scale = unit === 'nats' ? 1 : 1 / Math.LN2;
  const y = curve.y.map((nats) => nats * scale);
  return [{ label: 'minGPT, test', x: curve.x, y, colour: '--ink-faint', width: 1.5, dashed: true, faint: true }];
}

/** A step of f16 that was skipped has none. */
function gradientLine({ gradientNorm }: RunHistory, steps: Float64Array): Series {
  const known = (_: number, i: number) => Number.isFinite(gradientNorm[i]);
  return line('Gradient norm', steps.filter(known), gradientNorm.filter(Number.isFinite));
}

/** Of each step, smoothed: a single one is too short to be timed. */
function speeds({ seconds }: RunHistory, { recipe, size }: RunInfo): Float64Array {
  const took = Float64Array.from(seconds, (until, i) => until - (seconds[i - 1] ?? 0));
  return smooth(took, 0.9).map((s) => (s > 0 ? (recipe.batch * size.side ** 2) / s : 0));
}
