/** The Train workspace: data goes in, and what a model will see of it. */
import { DataPanel } from '../data/DataPanel.tsx';
import { Zone } from '../ui/Zone.tsx';
import { PalettePanel } from './PalettePanel.tsx';
import styles from './TrainWorkspace.module.css';

export function TrainWorkspace() {
  return (
    <Zone title="Data">
      <div className={styles.data}>
        <DataPanel />
        <PalettePanel />
      </div>
    </Zone>
  );
}
