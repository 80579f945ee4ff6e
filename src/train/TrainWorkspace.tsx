/** The Train workspace: data goes in, a run comes out, and its course says what it means. */
import { DataPanel } from '../data/DataPanel.tsx';
import { Zone } from '../ui/Zone.tsx';
import styles from './TrainWorkspace.module.css';

export function TrainWorkspace() {
  return (
    <div className={styles.zones}>
      <div className={styles.in}>
        <Zone title="Data">
          <DataPanel />
        </Zone>
      </div>
      <div className={styles.out} />
      <div className={styles.meaning} />
    </div>
  );
}
