/** The charts of an experiment: accuracy by layer, against the loss of checkpoints, by the number of labels. */
import { type ReactNode, useMemo, useState } from 'react';
import { LineChart } from '../charts/LineChart.tsx';
import type { XScale } from '../charts/series.ts';
import { type Experiment, useProbing } from '../state/probing.ts';
import { Choice } from '../ui/Choice.tsx';
import { percent } from '../ui/format.ts';
import { Switch } from '../ui/Switch.tsx';
import styles from './ProbeCharts.module.css';
import { labelsName } from './plan.ts';
import { byLabels, byLayer, byLoss, countsOf, depthOf, learningFrom } from './views.ts';

const VIEWS = [
  { value: 'layer', label: 'By layer' },
  { value: 'loss', label: 'Against loss' },
  { value: 'labels', label: 'By labels' },
] as const;
type View = (typeof VIEWS)[number]['value'];

const HEIGHT = 320;

export function ProbeCharts({ experiment: { curves } }: { experiment: Experiment }) {
  const [view, setView] = useState<View>('layer');
  const [published, setPublished] = useState(false);
  return (
    <div className={styles.charts}>
      <Choice label="View" options={VIEWS} value={view} onChange={setView} />
      {view === 'layer' && <ByLayer curves={curves} published={published} />}
      {view === 'loss' && <ByLoss curves={curves} published={published} />}
      {view === 'labels' && <ByLabels curves={curves} />}
      {view !== 'labels' && (
        <Switch
          label="Beside published probes"
          hint={
            view === 'layer'
              ? 'iGPT-L of Chen et al. 2020 on CIFAR-10; layers then stand at their share of the depth.'
              : 'iGPT-S of Chen et al. 2020 while it was trained on ImageNet, probed on CIFAR-10.'
          }
          checked={published}
          onChange={setPublished}
        />
      )}
    </div>
  );
}

interface Props {
  curves: Experiment['curves'];
  published: boolean;
}

function ByLayer({ curves, published }: Props) {
  const look = useProbing((s) => s.look);
  const counts = countsOf(curves);
  const [wanted, setWanted] = useState<number | null>(null);
  const labels = counts.includes(wanted) ? wanted : counts[counts.length - 1];
  const shown = useMemo(() => learningFrom(curves, labels), [curves, labels]);
  const series = useMemo(() => byLayer(shown, published), [shown, published]);
  const deepest = published ? 1 : Math.max(1, ...shown.map(depthOf));
  const x = useMemo(
    (): XScale => ({
      extent: [0, deepest],
      margin: true,
      exact: true,
      ...(published ? { format: (share) => `${Math.round(100 * share)} %` } : { whole: true }),
    }),
    [deepest, published],
  );
  const pick = (line: number, at: number) => {
    const curve = shown[line];
    if (!curve) return;
    const place = curve.results.findIndex(({ layers: [layer] }) => at === layer / (published ? depthOf(curve) : 1));
    if (place >= 0) look(curves.indexOf(curve), place);
  };
  return (
    <>
      {counts.length > 1 && (
        <Choice
          label="Labels learnt from"
          options={counts.map((count) => ({ value: String(count), label: `${labelsName(count)} labels` }))}
          value={String(labels)}
          onChange={(value) => setWanted(value === 'null' ? null : Number(value))}
        />
      )}
      <LineChart
        title="Test accuracy by layer"
        xLabel={published ? 'Share of the depth' : 'Layer'}
        x={x}
        series={series}
        height={HEIGHT}
        format={percent}
        onPick={pick}
      />
    </>
  );
}

const WITH_MARGIN: XScale = { margin: true, exact: true, format: (loss) => loss.toFixed(3) };

function ByLoss({ curves, published }: Props) {
  const series = useMemo(() => byLoss(curves, published), [curves, published]);
  return (
    <Framed
      empty={series.length === 0}
      hint="Nothing to draw yet: choose several weights of a run that judges held-back pictures, and probe them."
    >
      <LineChart
        title="Test accuracy of the best layer against loss"
        xLabel="Loss on held-back pictures, nats/pixel"
        x={WITH_MARGIN}
        series={series}
        height={HEIGHT}
        format={percent}
      />
    </Framed>
  );
}

function ByLabels({ curves }: Pick<Props, 'curves'>) {
  const series = useMemo(() => byLabels(curves), [curves]);
  const ticks = JSON.stringify([...new Set(series.flatMap((line) => Array.from(line.x)))].sort((a, b) => a - b));
  const x = useMemo(
    (): XScale => ({ logarithmic: true, margin: true, exact: true, ticks: JSON.parse(ticks) }),
    [ticks],
  );
  return (
    <Framed empty={series.length === 0} hint="Nothing to draw yet: the first curve is still being measured.">
      <LineChart
        title="Test accuracy of the best layer by number of labels"
        xLabel="Labels"
        x={x}
        series={series}
        height={HEIGHT}
        format={percent}
      />
    </Framed>
  );
}

/** A chart, or in its place the way to one. */
function Framed({ empty, hint, children }: { empty: boolean; hint: string; children: ReactNode }) {
  if (!empty) return children;
  return (
    <p className={styles.nothing} style={{ minHeight: HEIGHT }}>
      {hint}
    </p>
  );
}
