/** Pictures of a data set at a glance, with the names of the classes beside their rows. */
import { useMemo } from 'react';
import type { DatasetInfo, DatasetSheet } from '../../workers/contract.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import styles from './SheetView.module.css';
import { tilesOf } from './sheet.ts';

interface Props {
  dataset: DatasetInfo;
  sheet: DatasetSheet;
}

export function SheetView({ dataset, sheet }: Props) {
  const { rows, pixels } = useMemo(() => tilesOf(sheet, dataset.classes.length), [sheet, dataset.classes.length]);
  const named = rows === dataset.classes.length;
  return (
    <div className={styles.sheet}>
      {named && (
        <ul className={styles.names} aria-label="Classes" style={{ gridTemplateRows: `repeat(${rows}, 1fr)` }}>
          {dataset.classes.map((name) => (
            <li key={name} title={name}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.tiles}>
        <Bitmap pixels={pixels} label={`${sheet.labels.length} pictures of ${dataset.name}`} />
      </div>
    </div>
  );
}
