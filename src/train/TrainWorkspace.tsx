/** The Train workspace: data and a recipe go in, a run comes out, and beside it stand all runs of this browser. */
import { DataPanel } from '../data/DataPanel.tsx';
import { useDatasets } from '../state/datasets.ts';
import { session } from '../state/session.ts';
import { training } from '../state/training.ts';
import { watchRuns } from '../state/watchdog.ts';
import { Zone } from '../ui/Zone.tsx';
import zones from '../ui/zones.module.css';
import { keepAwake } from './keepAwake.ts';
import { PalettePanel } from './PalettePanel.tsx';
import { RunList } from './RunList.tsx';
import { RunView } from './RunView.tsx';
import { SetupPanel } from './SetupPanel.tsx';
import { speakOfRuns } from './spoken.ts';
import styles from './TrainWorkspace.module.css';

keepAwake();
speakOfRuns();
watchRuns(training, session);

export function TrainWorkspace() {
  // A stored data set makes the panel a screen higher: what stands below comes after that, so as not to move.
  const isSettled = useDatasets((s) => s.asked);
  return (
    <div className={zones.zones}>
      <div className={`${zones.in} ${styles.in}`}>
        <Zone title="Data">
          <DataPanel />
          <PalettePanel />
        </Zone>
        {isSettled && (
          <Zone title="Model and recipe">
            <SetupPanel />
          </Zone>
        )}
      </div>
      {isSettled && (
        <>
          <div className={zones.out}>
            <Zone title="Run">
              <RunView />
            </Zone>
          </div>
          <div className={zones.meaning}>
            <Zone title="All runs">
              <RunList />
            </Zone>
          </div>
        </>
      )}
    </div>
  );
}
