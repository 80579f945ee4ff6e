/** What comes of an evaluation: how far it is, the models' numbers, what one of them draws and what that is near to. */
import { type EvaluationRun, type EvaluationState, judgedAt, useEvaluation } from '../state/evaluation.ts';
import { duration } from '../ui/format.ts';
import { Progress } from '../ui/Progress.tsx';
import { EvaluateButton } from './EvaluateButton.tsx';
import styles from './EvaluationView.module.css';
import { ModelNumbers } from './ModelNumbers.tsx';
import { NearestView } from './NearestView.tsx';
import { SampleSheet } from './SampleSheet.tsx';
import { speakOfEvaluations } from './spoken.ts';
import { words } from './words.ts';

speakOfEvaluations();

export function EvaluationView() {
  const run = useEvaluation((s) => s.run);
  const working = useEvaluation((s) => s.working);
  const judged = useEvaluation(judgedAt);
  return (
    <div className={styles.result}>
      <div className={styles.bar}>
        <EvaluateButton />
        {run && (working ? <Working run={run} working={working} /> : <Outcome {...run} />)}
      </div>
      {run && judged ? (
        <>
          <ModelNumbers run={run} />
          {run.measures.drawn > 0 && <SampleSheet run={run} judged={judged} />}
          {run.measures.nearest && <NearestView run={run} judged={judged} />}
        </>
      ) : (
        <p className={styles.empty}>
          How well a model foresees pictures that it has not seen, what it draws from nothing, how far that lies from
          real pictures, and whether it copies those that it learnt from.
        </p>
      )}
    </div>
  );
}

interface WorkingProps {
  run: EvaluationRun;
  working: NonNullable<EvaluationState['working']>;
}

function Working({ run: { models }, working: { place, progress } }: WorkingProps) {
  const { name } = models[place].model;
  return (
    <div className={styles.working}>
      <p className={styles.name}>
        {place + 1} of {models.length}: {name}
      </p>
      <Progress
        label={`Evaluating ${name}`}
        share={progress && progress.done / Math.max(1, progress.total)}
        text={words(progress)}
      />
    </div>
  );
}

function Outcome({ dataset, models }: EvaluationRun) {
  const done = models.flatMap(({ seconds }) => seconds ?? []);
  return (
    <p className={styles.outcome} role="status">
      {done.length === models.length
        ? `Evaluated on ${dataset.name} in ${duration(done.reduce((sum, seconds) => sum + seconds, 0))}.`
        : 'Stopped: what was measured so far stays.'}
    </p>
  );
}
