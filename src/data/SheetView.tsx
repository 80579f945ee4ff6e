/** Pictures of a data set at a glance, with the names of the classes beside their rows. */
import { useEffect, useMemo, useRef } from 'react';
import type { DatasetInfo, DatasetSheet } from '../../workers/contract.ts';
import styles from './SheetView.module.css';
import { tilesOf } from './sheet.ts';

interface Props {
  dataset: DatasetInfo;
  sheet: DatasetSheet;
}

export function SheetView({ dataset, sheet }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tiles = useMemo(() => tilesOf(sheet, dataset.classes.length), [sheet, dataset.classes.length]);
  const [width, height] = [tiles.columns * sheet.side, tiles.rows * sheet.side];
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(tiles.rgba, width, height), 0, 0);
  }, [tiles, width, height]);
  const named = tiles.rows === dataset.classes.length;
  return (
    <div className={styles.sheet}>
      {named && (
        <ul className={styles.names} aria-label="Classes" style={{ gridTemplateRows: `repeat(${tiles.rows}, 1fr)` }}>
          {dataset.classes.map((name) => (
            <li key={name} title={name}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <canvas
        ref={canvas}
        className={styles.tiles}
        width={width}
        height={height}
        role="img"
        aria-label={`${sheet.labels.length} pictures of ${dataset.name}`}
      />
    </div>
  );
}
