/** One layer of one curve: its numbers, what it confuses, and what it is most certainly wrong about. */
import type { ReactNode } from 'react';
import type { ProbeResult } from '../../workers/contract.ts';
import { type Curve, lookedAt, useProbing } from '../state/probing.ts';
import { percent } from '../ui/format.ts';
import { Slider } from '../ui/Slider.tsx';
import { ConfusionMatrix } from './ConfusionMatrix.tsx';
import styles from './LayerView.module.css';
import { Mistakes } from './Mistakes.tsx';
import { labelsName } from './plan.ts';
import { hasLayers } from './views.ts';

export function LayerView() {
  const experiment = useProbing((s) => s.experiment);
  const looked = useProbing((s) => s.looked);
  const look = useProbing((s) => s.look);
  const shown = lookedAt({ experiment, looked });
  if (!experiment || !shown) {
    return <p className={styles.none}>As soon as a layer has been probed, this shows what it takes for what.</p>;
  }
  const { curve, place, result, at } = shown;
  const { curves, dataset } = experiment;
  return (
    <div className={styles.layer}>
      <div>
        <label className={styles.label} htmlFor="looked-curve">
          Features
        </label>
        <select
          id="looked-curve"
          className={styles.select}
          value={place}
          onChange={(event) => look(Number(event.target.value), null)}
        >
          {curves.map((one, i) => (
            <option key={`${one.subject} ${one.model.key} ${one.labels}`} value={i} disabled={one.results.length === 0}>
              {one.name}
              {one.labels !== null && `, ${labelsName(one.labels)} labels`}
            </option>
          ))}
        </select>
      </div>
      {hasLayers(curve) && (
        <Slider
          label="Layer"
          min={0}
          max={Math.max(1, curve.results.length - 1)}
          step={1}
          value={at}
          format={(i) => String(curve.results[i]?.layers[0] ?? '–')}
          onChange={(i) => curve.results[i] && look(place, i)}
        />
      )}
      <Facts curve={curve} result={result} />
      <ConfusionMatrix classes={dataset.classes} confusion={result.confusion} />
      <Mistakes curve={curve} result={result} classes={dataset.classes} />
    </div>
  );
}

function Facts({ curve: { summary }, result }: { curve: Curve; result: ProbeResult }) {
  const { accuracy, standardError, predicted, strength, iterations, converged } = result;
  return (
    <dl className={styles.facts}>
      <Fact name="Accuracy">
        <span className={styles.large}>{percent(accuracy)}</span> ± {percent(standardError)}
      </Fact>
      <Fact name="Judged by">{predicted.length.toLocaleString('en')} pictures</Fact>
      <Fact name="Learnt from">{summary ? `${summary.learnt.toLocaleString('en')} pictures` : '–'}</Fact>
      <Fact name="Classifier">
        C = {strength}, {iterations} iterations{!converged && ', not converged'}
      </Fact>
    </dl>
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
