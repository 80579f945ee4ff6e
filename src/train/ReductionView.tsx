/** What a reduction leaves: its colours, how close they come, and some pictures before and after. */
import { useMemo } from 'react';
import type { DatasetInfo, DatasetSheet } from '../../workers/contract.ts';
import { tilesOf } from '../data/sheet.ts';
import { type Reduction, usePalettes } from '../state/palettes.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import styles from './ReductionView.module.css';
import { swatchesOf } from './swatches.ts';

interface Props {
  dataset: DatasetInfo;
  reduction: Reduction;
}

export function ReductionView({ dataset, reduction }: Props) {
  const seen = usePalettes((s) => s.seen);
  const swatches = useMemo(() => swatchesOf(reduction.bytes), [reduction.bytes]);
  const colours = reduction.bytes.length / 3;
  const isStale = seen?.reduction !== reduction;
  const preview = seen?.reduction.dataset === reduction.dataset ? seen.preview : null;
  return (
    <div className={styles.view} aria-busy={isStale}>
      <figure>
        <Bitmap pixels={swatches} label={`Palette of ${colours} colours`} />
        <figcaption className={styles.caption}>
          {colours} colours{' '}
          {!isStale && <span title="How close they come to the pictures at this side">{loss(seen.preview.psnr)}</span>}
        </figcaption>
      </figure>
      <div className={styles.pictures} data-stale={isStale}>
        <Strip sheet={preview?.before} caption="As stored" side={dataset.side} />
        <Strip sheet={preview?.after} caption="As the model sees them" side={reduction.side} />
      </div>
    </div>
  );
}

/** Peak signal-to-noise ratio. */
const loss = (psnr: number): string => (Number.isFinite(psnr) ? `PSNR ${psnr.toFixed(1)} dB` : 'nothing is lost');

function Strip({ sheet, caption, side }: { sheet: DatasetSheet | undefined; caption: string; side: number }) {
  const tiles = useMemo(() => sheet && tilesOf(sheet, 0), [sheet]);
  const text = `${caption}, ${side} × ${side}`;
  return (
    <figure>
      <div className={styles.strip}>
        {tiles && <Bitmap pixels={tiles.pixels} label={`Pictures ${text.toLowerCase()}`} />}
      </div>
      <figcaption className={styles.caption}>{text}</figcaption>
    </figure>
  );
}
