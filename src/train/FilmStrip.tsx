/** What the model draws as it learns: the same random numbers each time, so that only the weights differ. */
import { type CSSProperties, useMemo, useState } from 'react';
import type { RunHistory, RunInfo } from '../../workers/contract.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import { Slider } from '../ui/Slider.tsx';
import styles from './FilmStrip.module.css';
import { columnsOf, frameOf } from './frame.ts';

/** Frames in the strip; more would be too small to tell anything. */
const SHOWN = 8;

export function FilmStrip({ info, samples }: { info: RunInfo; samples: RunHistory['samples'] }) {
  /** Null follows the newest. */
  const [chosen, setChosen] = useState<number | null>(null);
  const last = samples.length - 1;
  const at = Math.min(chosen ?? last, last);
  const { palette, size, recipe, starts } = info;
  const { side } = size;
  const columns = at >= 0 ? columnsOf(samples[at].tokens.length / side ** 2) : 0;
  const large = useMemo(
    () => (at >= 0 ? frameOf(samples[at].tokens, side, palette, columns) : undefined),
    [samples, at, side, palette, columns],
  );
  if (recipe.objective === 'bert') return <p className={styles.none}>A BERT model cannot draw.</p>;
  if (recipe.sampleEvery === 0 && !large) return <p className={styles.none}>Its recipe has it draw nothing.</p>;
  if (!large) return <p className={styles.none}>Its first drawings come at step {recipe.sampleEvery}.</p>;
  const step = samples[at].step.toLocaleString('en');
  return (
    <section className={styles.film} aria-label="Drawings">
      <div className={styles.large}>
        <Bitmap pixels={large} label={`Pictures drawn at step ${step}`} />
        {starts.length > 0 && (
          <ol className={styles.classes} aria-label="Their classes" style={{ '--columns': columns } as CSSProperties}>
            {starts.slice(0, samples[at].tokens.length / side ** 2).map((name) => (
              <li key={name} title={name}>
                {name}
              </li>
            ))}
          </ol>
        )}
      </div>
      {last > 0 && (
        <Slider
          label="Drawn at step"
          min={0}
          max={last}
          step={1}
          value={at}
          format={() => step}
          onChange={(i) => setChosen(i === last ? null : i)}
        />
      )}
      <Strip
        samples={samples}
        side={side}
        palette={palette}
        at={at}
        onChoose={(i) => setChosen(i === last ? null : i)}
      />
    </section>
  );
}

interface StripProps {
  samples: RunHistory['samples'];
  side: number;
  palette: Uint8Array;
  at: number;
  onChoose: (i: number) => void;
}

/** One picture over time, from the first frame to the last, evenly. */
function Strip({ samples, side, palette, at, onChoose }: StripProps) {
  const shown = useMemo(() => {
    const n = Math.min(SHOWN, samples.length);
    const places = Array.from({ length: n }, (_, i) => Math.round((i * (samples.length - 1)) / Math.max(1, n - 1)));
    return places.map((place) => ({
      place,
      step: samples[place].step,
      frame: frameOf(samples[place].tokens.subarray(0, 2 * side * side), side, palette, 1),
    }));
  }, [samples, side, palette]);
  return (
    <ol className={styles.strip}>
      {shown.map(({ place, step, frame }) => (
        <li key={step}>
          <button
            type="button"
            className={styles.frame}
            aria-pressed={place === at}
            aria-label={`Drawings of step ${step}`}
            onClick={() => onChoose(place)}
          >
            <Bitmap pixels={frame} />
            <span className={styles.step}>{step}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
