/** What a reduction leaves: its colours, how close they come, and some pictures before and after. */
import { useMemo } from 'react';
import type { DatasetSheet } from '../../workers/contract.ts';
import { tilesOf } from '../data/sheet.ts';
import { type Reduction, usePalettes } from '../state/palettes.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import styles from './ReductionView.module.css';
import { swatchesOf } from './swatches.ts';

export function ReductionView({ reduction }: { reduction: Reduction }) {
  const seen = usePalettes((s) => s.seen);
  const swatches = useMemo(() => swatchesOf(reduction.bytes), [reduction.bytes]);
  const colours = reduction.bytes.length / 3;
  const isStale = seen?.reduction !== reduction;
  return (
    <div className={styles.view}>
      <p className={styles.facts}>
        {colours} colours{' '}
        <span title="Peak signal-to-noise ratio: how close the nearest colours come to the pictures at this side">
          {isStale ? '' : loss(seen.preview.psnr)}
        </span>
      </p>
      <Bitmap pixels={swatches} label={`Palette of ${colours} colours`} />
      <div className={styles.pictures} data-stale={isStale} aria-busy={isStale}>
        {seen?.reduction.dataset === reduction.dataset && (
          <>
            <Row sheet={seen.preview.before} what="As stored" />
            <Row sheet={seen.preview.after} what="As the model sees them" />
          </>
        )}
      </div>
    </div>
  );
}

const loss = (psnr: number): string => (Number.isFinite(psnr) ? `PSNR ${psnr.toFixed(1)} dB` : 'lose nothing');

function Row({ sheet, what }: { sheet: DatasetSheet; what: string }) {
  const { pixels } = useMemo(() => tilesOf(sheet, 0), [sheet]);
  const caption = `${what}, ${sheet.side} × ${sheet.side}`;
  return (
    <figure>
      <Bitmap pixels={pixels} label={`${sheet.labels.length} pictures ${caption.toLowerCase()}`} />
      <figcaption className={styles.facts}>{caption}</figcaption>
    </figure>
  );
}
