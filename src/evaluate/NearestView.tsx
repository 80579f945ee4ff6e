/** Samples beside the training pictures that are nearest to them, the closest first: copies would stand at the top. */
import { useMemo, useState } from 'react';
import type { NearestPictures } from '../../workers/contract.ts';
import type { EvaluationRun, Judged } from '../state/evaluation.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import { Choice } from '../ui/Choice.tsx';
import { pictureName } from './extremes.ts';
import styles from './NearestView.module.css';
import { pictureOf } from './sheet.ts';
import { useTestedPictures } from './useTestedPictures.ts';
import { distance } from './words.ts';

const WAYS = [
  { value: 'byColour', label: 'By colour' },
  { value: 'byFeatures', label: 'By features' },
] as const;
type Way = (typeof WAYS)[number]['value'];

/** Pairs that are shown. */
const SHOWN = 12;

interface Props {
  run: EvaluationRun;
  judged: Judged;
}

export function NearestView({ run, judged }: Props) {
  const [way, setWay] = useState<Way>('byColour');
  const { nearest } = judged.found;
  return (
    <section className={styles.nearest} aria-labelledby="nearest">
      <div className={styles.head}>
        <h3 id="nearest" className={styles.title}>
          Nearest training pictures
        </h3>
        <Choice label="Nearest" options={WAYS} value={way} onChange={setWay} />
      </div>
      {nearest ? (
        <Pairs run={run} judged={judged} found={nearest[way]} way={way} />
      ) : (
        <p className={styles.hint}>They come last, when the training pictures have been searched.</p>
      )}
    </section>
  );
}

function Pairs({ run: { dataset, ruler }, judged, found, way }: Props & { found: NearestPictures; way: Way }) {
  const { pictures, distances, usual, searched } = found;
  const closest = useMemo(
    () =>
      Array.from(distances, (_, sample) => sample)
        .sort((a, b) => distances[a] - distances[b])
        .slice(0, SHOWN),
    [distances],
  );
  const numbers = useMemo(() => Uint32Array.from(closest, (sample) => pictures[sample]), [closest, pictures]);
  const sheet = useTestedPictures(dataset.id, numbers);
  const closer = distances.filter((value) => value < usual).length;
  const samples = judged.found.samples!;
  return (
    <>
      <p className={styles.hint}>
        {way === 'byColour'
          ? 'Mean squared difference of a colour channel, 0 to 255, '
          : `Squared difference in the features of the model ${ruler}, `}
        to the nearest of {searched.toLocaleString('en')} training pictures. Held-back pictures, which cannot be copies,
        are {distance(usual)} away from theirs in the median; {closer} of {distances.length} samples are closer.
      </p>
      <ol className={styles.pairs}>
        {closest.map((sample, place) => {
          const named = pictureName(dataset, pictures[sample]);
          return (
            <li key={sample}>
              <figure>
                <div className={styles.pair}>
                  <Bitmap pixels={pictureOf(samples, sample)} label={`Sample ${sample + 1}`} />
                  {sheet ? (
                    <Bitmap pixels={pictureOf(sheet, place)} label={named} />
                  ) : (
                    <span className={styles.coming} aria-hidden="true" />
                  )}
                </div>
                <figcaption className={styles.caption} title={named}>
                  {distance(distances[sample])}
                </figcaption>
              </figure>
            </li>
          );
        })}
      </ol>
    </>
  );
}
