/**
 * The Probe workspace: data and models go in, accuracy by layer comes out, and beside it stands what one layer confuses. In its
 * other view likelihood, samples and distances come out.
 */
import { useCallback, useState } from 'react';
import { DataPanel } from '../data/DataPanel.tsx';
import { useDatasets } from '../state/datasets.ts';
import { useEvaluation } from '../state/evaluation.ts';
import { useTraining } from '../state/training.ts';
import { useKept } from '../state/useKept.ts';
import { Choice } from '../ui/Choice.tsx';
import { deferred } from '../ui/deferred.tsx';
import { Zone } from '../ui/Zone.tsx';
import zones from '../ui/zones.module.css';
import { LayerView } from './LayerView.tsx';
import { ProbeSetup } from './ProbeSetup.tsx';
import styles from './ProbeWorkspace.module.css';
import { ResultView } from './ResultView.tsx';

const EvaluationSetup = deferred(() => import('../evaluate/EvaluationSetup.tsx').then((part) => part.EvaluationSetup));
const EvaluationZones = deferred(() => import('../evaluate/EvaluationZones.tsx').then((part) => part.EvaluationZones));

const VIEWS = [
  { value: 'layers', label: 'Layers' },
  { value: 'evaluation', label: 'Likelihood and samples' },
] as const;

export function ProbeWorkspace() {
  const evaluates = useEvaluation((s) => s.isOpen);
  const open = useEvaluation((s) => s.open);
  // Data sets and runs take room: what stands below comes after them, so as not to move.
  const isSettled = useIsSettled();
  return (
    <div className={zones.zones}>
      <div className={`${zones.in} ${styles.in}`}>
        <Choice
          label="What to look at"
          options={VIEWS}
          value={evaluates ? 'evaluation' : 'layers'}
          onChange={(view) => open(view === 'evaluation')}
        />
        <Zone title="Data">
          <DataPanel />
        </Zone>
        {isSettled && (
          <Zone title={evaluates ? 'What to evaluate' : 'What to probe'}>
            {evaluates ? <EvaluationSetup /> : <ProbeSetup />}
          </Zone>
        )}
      </div>
      {isSettled && evaluates && <EvaluationZones />}
      {isSettled && !evaluates && (
        <>
          <div className={zones.out}>
            <Zone title="Probe">
              <ResultView />
            </Zone>
          </div>
          <div className={zones.meaning}>
            <Zone title="One layer">
              <LayerView />
            </Zone>
          </div>
        </>
      )}
    </div>
  );
}

/** The worker has told of its data sets and runs, or that it cannot. */
function useIsSettled(): boolean {
  const asked = useDatasets((s) => s.asked);
  const refresh = useTraining((s) => s.refresh);
  const [listed, setListed] = useState(false);
  const list = useCallback(() => refresh().then(() => setListed(true)), [refresh]);
  useKept('runs', list);
  return asked && listed;
}
