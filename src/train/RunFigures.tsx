/** A run in figures, as they are now. */
import type { OpenRun } from '../state/training.ts';
import { bytes, measured, percent } from '../ui/format.ts';
import styles from './RunFigures.module.css';

export function RunFigures({
  run: { info, history, tokensPerSecond, shareOfPeak, bytes: memory, scaling },
}: {
  run: OpenRun;
}) {
  const loss = history.loss.at(-1);
  const { validation, best } = info;
  const given = info.starts.length > 0 ? ', given their class' : '';
  return (
    <dl className={styles.figures}>
      <Figure name="Training loss" value={loss} unit="nats/pixel" />
      <Figure
        name="Held-out pictures"
        value={validation?.loss}
        unit="nats/pixel"
        more={validation ? `${bits(validation.loss)} bits/pixel${given}` : undefined}
      />
      {history.classes ? (
        <div>
          <dt className={styles.name}>In the right class</dt>
          <dd>
            <span className={styles.value}>{validation?.classes ? percent(validation.classes.accuracy) : '–'}</span>
            {best?.classes && (
              <span className={styles.more}>{`at best ${percent(best.classes.accuracy)}, at step ${best.step}`}</span>
            )}
          </dd>
        </div>
      ) : (
        <Figure name="Best" value={best?.loss} unit="nats/pixel" more={best ? `at step ${best.step}` : undefined} />
      )}
      <div>
        <dt className={styles.name}>Speed</dt>
        <dd>
          <span className={styles.value}>{tokensPerSecond > 0 ? measured(tokensPerSecond) : '–'}</span> tokens/s
          {shareOfPeak > 0 && (
            <span className={styles.more} title="Of the matrix product that this device was measured to do at most">
              {percent(shareOfPeak)} of the measured peak
            </span>
          )}
        </dd>
      </div>
      <div>
        <dt className={styles.name}>Memory</dt>
        <dd>
          <span className={styles.value}>{memory > 0 ? bytes(memory) : '–'}</span>
          {info.recipe.precision === 'f16' && (
            <span className={styles.more}>{scaling ? `in f16, ${scaled(scaling)}` : 'in f16'}</span>
          )}
        </dd>
      </div>
    </dl>
  );
}

/** How it keeps small gradients in f16's range. */
const scaled = ({ scale, skipped }: { scale: number; skipped: number }): string =>
  `gradients times ${scale.toLocaleString('en')}, ${skipped} ${skipped === 1 ? 'step' : 'steps'} skipped`;

const bits = (nats: number): string => (nats / Math.LN2).toFixed(3);

interface FigureProps {
  name: string;
  value: number | undefined;
  unit: string;
  more?: string;
}

function Figure({ name, value, unit, more }: FigureProps) {
  return (
    <div>
      <dt className={styles.name}>{name}</dt>
      <dd>
        <span className={styles.value}>{value === undefined ? '–' : value.toFixed(3)}</span> {unit}
        {more && <span className={styles.more}>{more}</span>}
      </dd>
    </div>
  );
}
