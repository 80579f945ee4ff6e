/** One model's likelihood: what it compares with, and the pictures that it foresees best and worst. */
import { type ReactNode, useMemo } from 'react';
import type { DatasetInfo, Likelihood } from '../../workers/contract.ts';
import { type Judged, judgedAt, useEvaluation } from '../state/evaluation.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import { Button } from '../ui/Button.tsx';
import { download, slug } from '../ui/download.ts';
import { Save } from '../ui/icons.tsx';
import { csvOf, extremesOf, pictureName } from './extremes.ts';
import styles from './ModelView.module.css';
import { pictureOf } from './sheet.ts';
import { useTestedPictures } from './useTestedPictures.ts';
import { begunWith, bits, nats } from './words.ts';

/** Pictures that are shown of each kind. */
const SHOWN = 8;

export function ModelView() {
  const run = useEvaluation((s) => s.run);
  const looked = useEvaluation((s) => s.looked);
  const look = useEvaluation((s) => s.look);
  const judged = useEvaluation(judgedAt);
  const scoring = useEvaluation(
    (s) => s.working?.place === (s.looked ?? 0) && s.working.progress?.stage === 'likelihood',
  );
  if (!run || !judged) {
    return <p className={styles.none}>As soon as pictures have been scored, this shows which are foreseen well.</p>;
  }
  const { likelihood } = judged.found;
  return (
    <div className={styles.model}>
      {run.models.length > 1 && (
        <div>
          <label className={styles.label} htmlFor="looked-model">
            Model
          </label>
          <select
            id="looked-model"
            className={styles.select}
            value={looked ?? 0}
            onChange={(event) => look(Number(event.target.value))}
          >
            {run.models.map(({ model }, place) => (
              <option key={model.key} value={place}>
                {model.name}
              </option>
            ))}
          </select>
        </div>
      )}
      {likelihood ? (
        <>
          <Facts {...judged} likelihood={likelihood} part={run.measures.scored.part} />
          {!scoring && <Extremes dataset={run.dataset} likelihood={likelihood} />}
        </>
      ) : (
        <p className={styles.none}>
          {run.measures.scored.count > 0
            ? 'As soon as pictures have been scored, this shows which are foreseen well.'
            : 'Likelihood was left out.'}
        </p>
      )}
    </div>
  );
}

function Facts({ model, likelihood, part }: Judged & { likelihood: Likelihood; part: 'test' | 'train' }) {
  const { mean, standardError, pictures, byClass } = likelihood;
  const { size, palette } = model;
  const save = () =>
    download(new Blob([csvOf(likelihood)], { type: 'text/csv' }), `${slug(model.name)}-likelihood.csv`);
  return (
    <>
      <dl className={styles.facts}>
        <Fact name="Nats/pixel">
          <span className={styles.large}>{nats(mean)}</span>
          {standardError !== null && ` ± ${nats(standardError)}`}
        </Fact>
        <Fact name="Bits/pixel">
          <span className={styles.large}>{nats(bits(mean))}</span>
        </Fact>
        <Fact name={part === 'test' ? 'Held-back pictures' : 'Training pictures'}>
          {pictures.length.toLocaleString('en')}
        </Fact>
        {byClass !== undefined && <Fact name="They begin with">{begunWith(byClass, pictures.length)}</Fact>}
        {size && palette && (
          <Fact name="Pictures have">
            {size.side} × {size.side} pixels, {palette.length / 3} colours
          </Fact>
        )}
      </dl>
      <p className={styles.hint}>
        A likelihood over a palette compares only with others at the same side and as many colours, never with bits per
        dimension of true colours. Published ones are at 32 × 32 with 512 colours.
      </p>
      <Button onClick={save}>
        <Save />
        Save as CSV, picture by picture
      </Button>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className={styles.label}>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Extremes({ dataset, likelihood: { pictures, nats: all } }: { dataset: DatasetInfo; likelihood: Likelihood }) {
  const { best, worst } = useMemo(() => extremesOf(all, SHOWN), [all]);
  const numbers = useMemo(
    () => Uint32Array.from([...best, ...worst], (place) => pictures[place]),
    [best, worst, pictures],
  );
  const sheet = useTestedPictures(dataset.id, numbers);
  const row = (title: string, places: number[], from: number) => (
    <section className={styles.extremes} aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      <ol className={styles.pictures}>
        {places.map((place, i) => (
          <li key={place}>
            <figure>
              {sheet ? (
                <Bitmap pixels={pictureOf(sheet, from + i)} label={pictureName(dataset, pictures[place])} />
              ) : (
                <span className={styles.coming} aria-hidden="true" />
              )}
              <figcaption className={styles.caption}>{all[place].toFixed(3)}</figcaption>
            </figure>
          </li>
        ))}
      </ol>
    </section>
  );
  return (
    <>
      {row('Foreseen best', best, 0)}
      {worst.length > 0 && row('Foreseen worst', worst, best.length)}
    </>
  );
}
