/** The Probe workspace: data and models go in, accuracy by layer comes out, and beside it stands what one layer confuses. */
import { useEffect, useState } from 'react';
import { DataPanel } from '../data/DataPanel.tsx';
import { useDatasets } from '../state/datasets.ts';
import { useSession } from '../state/session.ts';
import { useTraining } from '../state/training.ts';
import { Zone } from '../ui/Zone.tsx';
import zones from '../ui/zones.module.css';
import { LayerView } from './LayerView.tsx';
import { ProbeSetup } from './ProbeSetup.tsx';
import styles from './ProbeWorkspace.module.css';
import { ResultView } from './ResultView.tsx';

export function ProbeWorkspace() {
  // Data sets and runs take room: what stands below comes after them, so as not to move.
  const isSettled = useIsSettled();
  return (
    <div className={zones.zones}>
      <div className={`${zones.in} ${styles.in}`}>
        <Zone title="Data">
          <DataPanel />
        </Zone>
        {isSettled && (
          <Zone title="What to probe">
            <ProbeSetup />
          </Zone>
        )}
      </div>
      {isSettled && (
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
  const worker = useSession((s) => s.worker);
  const asked = useDatasets((s) => s.asked);
  const refresh = useTraining((s) => s.refresh);
  const [listed, setListed] = useState(false);
  useEffect(() => {
    if (worker) void refresh().then(() => setListed(true));
  }, [worker, refresh]);
  return asked && listed;
}
