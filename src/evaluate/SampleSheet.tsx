/** The first pictures that a model draws from nothing, in the order in which they came. */
import { useMemo } from 'react';
import { bitmapPng } from '../complete/save/png.ts';
import type { EvaluationRun, Judged } from '../state/evaluation.ts';
import { report } from '../state/notices.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import { Button } from '../ui/Button.tsx';
import { download, slug } from '../ui/download.ts';
import { Save } from '../ui/icons.tsx';
import styles from './SampleSheet.module.css';
import { sheetOf } from './sheet.ts';

/** As many as the worker tells of. */
const MOST = 64;
/** Of the saved sheet. */
const SCALE = 8;

interface Props {
  run: EvaluationRun;
  judged: Judged;
}

export function SampleSheet({ run: { measures }, judged: { model, found } }: Props) {
  const { drawn, sampling, seed } = measures;
  const places = Math.min(drawn, MOST);
  const { samples } = found;
  const pixels = useMemo(() => samples && sheetOf(samples, { places, scale: 1, gap: 1 }), [samples, places]);
  const save = () => {
    const { width, height, rgba } = sheetOf(samples!, { places, scale: SCALE, gap: SCALE });
    bitmapPng({ width, height, data: rgba }).then(
      (blob) => download(blob, `${slug(model.name)}-samples-seed-${seed}.png`),
      report,
    );
  };
  return (
    <section className={styles.samples} aria-labelledby="samples">
      <div className={styles.head}>
        <h3 id="samples" className={styles.title}>
          Samples
        </h3>
        <Button
          look="quiet"
          square
          aria-label="Save the samples as PNG"
          title="Save as PNG"
          disabled={!pixels}
          onClick={save}
        >
          <Save />
        </Button>
      </div>
      <div className={styles.sheet} style={{ aspectRatio: aspect(places) }}>
        {pixels && <Bitmap pixels={pixels} label={`${places} pictures drawn by ${model.name}`} />}
      </div>
      <p className={styles.hint}>
        {drawn > places ? `The first ${places} of ${drawn.toLocaleString('en')}` : `All ${drawn}`}, not picked: seed{' '}
        {seed}, temperature {sampling.temperature}, {sampling.topK === 0 ? 'all colours' : `top-k ${sampling.topK}`}
        {sampling.topP < 1 && `, top-p ${sampling.topP}`}
        {samples?.byClass && ', of the classes of held-back pictures'}.
      </p>
    </section>
  );
}

/** Of the sheet before its pictures come, so that nothing moves then. */
const aspect = (places: number): string => {
  const columns = Math.min(8, places);
  return `${columns} / ${Math.ceil(places / columns)}`;
};
