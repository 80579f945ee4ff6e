/** The pictures that the classifier was most certain about, and wrong. */
import { useEffect, useMemo } from 'react';
import type { DatasetSheet, ProbeResult } from '../../workers/contract.ts';
import { type Curve, useProbing } from '../state/probing.ts';
import { Bitmap, type Pixels } from '../ui/Bitmap.tsx';
import { percent } from '../ui/format.ts';
import styles from './Mistakes.module.css';

interface Props {
  curve: Curve;
  result: ProbeResult;
  classes: string[];
}

export function Mistakes({ curve, result, classes }: Props) {
  const seeMistakes = useProbing((s) => s.seeMistakes);
  const mistakes = useProbing((s) => (s.mistakes?.of === result ? s.mistakes : null));
  useEffect(() => void seeMistakes(curve, result), [seeMistakes, curve, result]);
  const pictures = useMemo(
    () => mistakes?.places.map((place, i) => ({ place, pixels: pictureOf(mistakes.sheet, i) })),
    [mistakes],
  );
  return (
    <section className={styles.mistakes} aria-labelledby="mistakes">
      <h3 id="mistakes" className={styles.title}>
        Most certainly wrong
      </h3>
      {!curve.summary && <p className={styles.hint}>The pictures come when the last layer has been probed.</p>}
      {pictures && pictures.length > 0 && <p className={styles.hint}>What each was taken for, and how likely.</p>}
      {pictures?.length === 0 && <p className={styles.hint}>Nothing: every picture was put into its class.</p>}
      <ol className={styles.pictures}>
        {pictures?.map(({ place, pixels }) => {
          const is = classes[curve.summary!.labels[place]];
          const taken = classes[result.predicted[place]];
          const share = percent(result.probability[place]);
          return (
            <li key={place}>
              <figure>
                <Bitmap pixels={pixels} label={`${is}, taken for ${taken}`} />
                <figcaption className={styles.caption}>
                  <span title={`${is}, taken for ${taken}, ${share}`}>{taken}</span>
                  <span>{share}</span>
                </figcaption>
              </figure>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** One picture of a sheet. */
function pictureOf({ side, pixels }: DatasetSheet, i: number): Pixels {
  const rgba = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let p = 0; p < side * side; p++) {
    const from = 3 * (i * side * side + p);
    rgba.set(pixels.subarray(from, from + 3), 4 * p);
  }
  return { width: side, height: side, rgba };
}
