/** What the pictures are to show, where the model can begin them with a class. */
import { useSampling } from '../state/sampling.ts';
import { useSession } from '../state/session.ts';
import styles from './ClassField.module.css';
import { ANY, EACH } from './starts.ts';

export function ClassField() {
  const model = useSession((s) => s.model);
  const chosen = useSampling((s) => s.chosenClass);
  const choose = useSampling((s) => s.chooseClass);
  // The models that come with the page know classes, so the field has its place while one is on its way.
  if (model && !model.starts) return null;
  const known = model?.starts ?? [chosen].filter((one) => one !== ANY && one !== EACH);
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor="class">
        Class
      </label>
      <select
        id="class"
        className={styles.box}
        value={chosen === EACH || known.includes(chosen) ? chosen : ANY}
        onChange={(event) => choose(event.target.value)}
      >
        <option value={ANY}>any</option>
        <option value={EACH}>one after the other</option>
        <hr />
        {known.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
