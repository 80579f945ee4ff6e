/** The numbers of all models beside each other, and the published ones that they can be compared with. */
import type { EvaluationRun, Judged } from '../state/evaluation.ts';
import styles from './ModelNumbers.module.css';
import { publishedFor } from './published.ts';
import { bits, distance, nats, withError } from './words.ts';

export function ModelNumbers({ run }: { run: EvaluationRun }) {
  const { measures, models } = run;
  const scores = measures.scored.count > 0;
  const compares = measures.distance;
  const published = scores ? [...new Set(models.flatMap(({ model }) => publishedFor(model)))] : [];
  if (!scores && !compares) return null;
  return (
    <div className={styles.numbers}>
      <table className={styles.table} aria-label="Models">
        <thead>
          <tr>
            <th scope="col">Model</th>
            {scores && <th scope="col">Nats/pixel</th>}
            {compares && <th scope="col">Distance</th>}
          </tr>
        </thead>
        <tbody>
          {models.map((judged) => (
            <tr key={judged.model.key}>
              <th scope="row">{judged.model.name}</th>
              {scores && <Likelihood {...judged} />}
              {compares && <Distance {...judged} />}
            </tr>
          ))}
          {published.map(({ name, on, nats: value }) => (
            <tr key={name} className={styles.published}>
              <th scope="row">
                {name} <span className={styles.more}>published, {on}</span>
              </th>
              <td>
                {nats(value)} <span className={styles.more}>{nats(bits(value))} bits</span>
              </td>
              {compares && <td>–</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {compares && <AboutDistance run={run} />}
    </div>
  );
}

function Likelihood({ found: { likelihood } }: Judged) {
  if (!likelihood) return <td>–</td>;
  return (
    <td>
      {withError(likelihood.mean, likelihood.standardError)}{' '}
      <span className={styles.more}>
        {nats(bits(likelihood.mean))} bits{likelihood.byClass ? ', given the class' : ''}
      </span>
    </td>
  );
}

function Distance({ found }: Judged) {
  if (!found.distance) return <td>–</td>;
  return (
    <td>
      {distance(found.distance.drawn)} <span className={styles.more}>real: {distance(found.distance.floor)}</span>
    </td>
  );
}

function AboutDistance({ run: { ruler, models, measures } }: { run: EvaluationRun }) {
  const known = models.flatMap(({ found }) => found.distance ?? [])[0];
  const few = known && known.pictures < 2 * known.width ? known : undefined;
  const pictures = measures.drawn.toLocaleString('en');
  return (
    <>
      <p className={styles.hint}>
        Fréchet distance between {pictures} samples and as many held-back pictures, in the features of the model {ruler}
        {known ? ` (layer ${known.layer}, ${known.width} channels)` : ''}; “real” is the same between those pictures and{' '}
        {pictures} others. It is not comparable with an FID, which is measured in the features of another network, nor
        with distances over another number of pictures.
      </p>
      <p className={styles.note} role={few ? 'note' : undefined}>
        {few &&
          `${pictures} pictures are few for ${few.width} channels: the covariances are poorly known, and both numbers are too large. ` +
            `${2 * few.width} or more are better.`}
      </p>
    </>
  );
}
