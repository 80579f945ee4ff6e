/** The best layer of every curve, in numbers. */
import type { Curve } from '../state/probing.ts';
import { bestOf } from '../state/probing.ts';
import { percent } from '../ui/format.ts';
import styles from './BestLayers.module.css';
import { labelsName } from './plan.ts';

export function BestLayers({ curves }: { curves: Curve[] }) {
  const several = new Set(curves.map(({ labels }) => labels)).size > 1;
  return (
    <table className={styles.table} aria-label="Best layers">
      <thead>
        <tr>
          <th scope="col">Features</th>
          {several && <th scope="col">Labels</th>}
          <th scope="col">Layer</th>
          <th scope="col">Accuracy</th>
        </tr>
      </thead>
      <tbody>
        {curves.map(({ name, subject, model, labels, results }) => {
          const best = results[bestOf(results)];
          return (
            <tr key={`${subject} ${model.key} ${labels}`}>
              <th scope="row">{name}</th>
              {several && <td>{labelsName(labels)}</td>}
              <td>{(subject === 'stacked' ? best && 'all' : best?.layers[0]) ?? '–'}</td>
              <td>{best ? `${percent(best.accuracy)} ± ${percent(best.standardError)}` : '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
