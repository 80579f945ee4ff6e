/** What a model will see of the chosen data set: the side and the palette to choose, and what they leave of the pictures. */

import { useDatasets } from '../state/datasets.ts';
import { chosenDataset, usePalettes } from '../state/palettes.ts';
import { PaletteControls } from './PaletteControls.tsx';
import styles from './PalettePanel.module.css';
import { ReductionView } from './ReductionView.tsx';

export function PalettePanel() {
  const dataset = useDatasets(chosenDataset);
  const chosen = usePalettes((s) => s.chosen);
  if (!dataset) return null;
  return (
    <section className={styles.panel} aria-labelledby="reduction">
      <div className={styles.column}>
        <h3 id="reduction" className={styles.title}>
          What the model sees
        </h3>
        <PaletteControls dataset={dataset} />
      </div>
      {chosen && <ReductionView dataset={dataset} reduction={chosen} />}
    </section>
  );
}
