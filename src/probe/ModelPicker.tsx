/** The models to choose from: single ones, and under each run's name the weights that it has kept. */
import { useMemo } from 'react';
import { useProbing } from '../state/probing.ts';
import { useSession } from '../state/session.ts';
import { useTraining } from '../state/training.ts';
import { Choices } from '../ui/Choices.tsx';
import { type Candidate, candidatesOf, chosenModels, modelCandidates, runCandidates } from './candidates.ts';
import styles from './ProbeSetup.module.css';

export function ModelPicker() {
  const model = useSession((s) => s.model);
  const source = useSession((s) => s.source);
  const runs = useTraining((s) => s.list);
  const models = useProbing((s) => s.models);
  const change = useProbing((s) => s.change);
  const current = useMemo(() => ({ model, source }), [model, source]);
  const chosen = chosenModels(models, candidatesOf(current, runs), current).map(({ key }) => key);

  const group = (label: string, candidates: Candidate[], nameOf: (candidate: Candidate) => string) => (
    <Choices
      label={label}
      options={candidates.map((one) => ({ value: one.key, label: nameOf(one), title: one.name }))}
      values={chosen}
      onChange={(on) => {
        const others = chosen.filter((key) => candidates.every((one) => one.key !== key));
        change({ models: new Set([...others, ...on]) });
      }}
    />
  );
  return (
    <>
      <div>
        <p className={styles.label} aria-hidden="true">
          Models
        </p>
        {group('Models', modelCandidates(current), ({ name }) => name)}
      </div>
      {runs?.map((run) => (
        <div key={run.id}>
          <p className={styles.label} aria-hidden="true">
            Run: {run.name}
          </p>
          {group(`Weights of the run ${run.name}`, runCandidates(run), weightsName)}
        </div>
      ))}
    </>
  );
}

/** Under the name of its run. */
function weightsName({ source, run }: Candidate): string {
  const step = run!.step.toLocaleString('en');
  if (source.kind !== 'run' || typeof source.which === 'number') return step;
  return source.which === 'last' ? `Step ${step}` : `Best, ${step}`;
}
