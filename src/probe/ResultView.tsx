/** What comes of a probe: how far it is, its charts, its numbers. */
import { type Experiment, type ProbingState, useProbing } from '../state/probing.ts';
import { counted, duration } from '../ui/format.ts';
import { Progress } from '../ui/Progress.tsx';
import { BestLayers } from './BestLayers.tsx';
import { ProbeButton } from './ProbeButton.tsx';
import { ProbeCharts } from './ProbeCharts.tsx';
import styles from './ResultView.module.css';
import { speakOfProbes } from './spoken.ts';
import { depthOf, hasLayers } from './views.ts';
import { words } from './words.ts';

speakOfProbes();

export function ResultView() {
  const experiment = useProbing((s) => s.experiment);
  const working = useProbing((s) => s.working);
  return (
    <div className={styles.result}>
      <div className={styles.bar}>
        <ProbeButton />
        {experiment && (working ? <Working experiment={experiment} working={working} /> : <Outcome {...experiment} />)}
      </div>
      {experiment ? (
        <>
          <ProbeCharts experiment={experiment} />
          <BestLayers curves={experiment.curves} />
        </>
      ) : (
        <p className={styles.empty}>
          How much a model knows of pictures shows in how well a plain linear classifier tells their classes apart by
          what one layer makes of them. The accuracy of every layer is drawn here, one after the other.
        </p>
      )}
    </div>
  );
}

interface WorkingProps {
  experiment: Experiment;
  working: NonNullable<ProbingState['working']>;
}

function Working({ experiment: { curves }, working: { curve: place, progress } }: WorkingProps) {
  const curve = curves[place];
  const share = (): number | null => {
    if (!progress) return null;
    if (progress.stage !== 'fitting') return progress.done / progress.total;
    return hasLayers(curve) ? curve.results.length / (depthOf(curve) + 1) : null;
  };
  return (
    <div className={styles.working}>
      <p className={styles.name}>
        {place + 1} of {curves.length}: {curve.name}
      </p>
      <Progress label={`Probing ${curve.name}`} share={share()} text={words(progress)} />
    </div>
  );
}

function Outcome({ dataset, curves }: Experiment) {
  const summaries = curves.flatMap(({ summary }) => summary ?? []);
  const seconds = summaries.reduce((sum, { seconds: took }) => sum + took, 0);
  const leftOut = Math.max(0, ...summaries.map((summary) => summary.leftOut));
  return (
    <p className={styles.outcome}>
      {summaries.length === curves.length
        ? `Probed on ${dataset.name} in ${duration(seconds)}.`
        : 'Stopped: what was measured so far stays.'}
      {leftOut > 0 &&
        ` The memory of this device did not do for all pictures: ${counted(leftOut, 'picture')} were left out.`}
    </p>
  );
}
