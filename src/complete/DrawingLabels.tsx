/** What a model with classes says that the drawing shows. */
import { useLabels } from '../state/labelling.ts';
import { useSession } from '../state/session.ts';
import { percent } from '../ui/format.ts';
import styles from './DrawingLabels.module.css';

/** Classes that are named. */
const SHOWN = 3;

export function DrawingLabels() {
  const taught = useSession((s) => s.model?.classes !== undefined);
  const labels = useLabels();
  if (!taught) return null;
  return (
    <section className={styles.labels} aria-label="What the drawing shows">
      {labels ? (
        <ol className={styles.list}>
          {labels.slice(0, SHOWN).map(({ name, probability }) => (
            <li key={name} className={styles.label}>
              <span>{name}</span>
              <span className={styles.share}>{percent(probability)}</span>
            </li>
          ))}
        </ol>
      ) : (
        <p>Where no pixel is left out, the model says what the drawing shows.</p>
      )}
    </section>
  );
}
