/** What a run begins with: new weights, those of the current model, or those of another run; and what it makes of classes. */

import { useDatasets } from '../state/datasets.ts';
import { chosenDataset } from '../state/palettes.ts';
import { useRecipe } from '../state/recipe.ts';
import { useSession } from '../state/session.ts';
import { useTraining } from '../state/training.ts';
import { Switch } from '../ui/Switch.tsx';
import styles from './SetupPanel.module.css';

const NEW = 'new';
const CURRENT = 'current';

export function StartFrom() {
  const from = useRecipe((s) => s.from);
  const startFrom = useRecipe((s) => s.startFrom);
  const model = useSession((s) => s.model);
  const runs = useTraining((s) => s.list);
  const choose = (value: string) => {
    if (value === NEW) startFrom(null);
    else startFrom(value === CURRENT ? { kind: 'current' } : { kind: 'run', run: value, which: 'last' });
  };
  return (
    <div>
      <label className={styles.label} htmlFor="start-from">
        Start from
      </label>
      <select
        id="start-from"
        className={styles.box}
        value={from === null ? NEW : from.kind === 'current' ? CURRENT : from.run}
        onChange={(event) => choose(event.target.value)}
      >
        <option value={NEW}>New weights</option>
        {model && <option value={CURRENT}>{`The current model: ${model.name}`}</option>}
        {runs?.map(({ id, name, size }) => (
          <option key={id} value={id}>{`${name} (${size.side} × ${size.side})`}</option>
        ))}
      </select>
      {from !== null && (
        <p className={styles.hint}>Size and palette are its own. A tenth of the usual learning rate suits it.</p>
      )}
    </div>
  );
}

export function LearnClasses() {
  const classify = useRecipe((s) => s.recipe.classify);
  const change = useRecipe((s) => s.change);
  const dataset = useDatasets(chosenDataset);
  const names = dataset?.classes.length ?? 0;
  return (
    <Switch
      label="Learn the classes too"
      hint={
        names > 1
          ? `To tell ${names} classes of pictures apart, by a linear head on the mean of all positions.`
          : 'For pictures with labels.'
      }
      checked={classify}
      onChange={(checked) => change(checked ? { classify: true, byClass: false } : { classify: false })}
    />
  );
}

export function BeginWithClass() {
  const byClass = useRecipe((s) => s.recipe.byClass);
  const isBert = useRecipe((s) => s.recipe.objective === 'bert');
  const change = useRecipe((s) => s.change);
  const names = useDatasets(chosenDataset)?.classes.length ?? 0;
  const isKnown = useStartKnowsClasses();
  const hint = () => {
    if (isBert) return 'Not for BERT, which has no first symbol.';
    if (isKnown && !byClass) return 'The run starts from a model that knows classes, and leaves them behind.';
    if (names < 2) return 'For pictures with labels.';
    return `To draw any of the ${names} classes when asked for it. One picture in ten begins without its class.`;
  };
  return (
    <Switch
      label="Begin pictures with their class"
      hint={hint()}
      checked={byClass}
      onChange={(checked) => change(checked ? { byClass: true, classify: false } : { byClass: false })}
    />
  );
}

/** Whether the weights that a run begins with have vectors of classes. */
function useStartKnowsClasses(): boolean {
  const from = useRecipe((s) => s.from);
  const current = useSession((s) => s.model?.starts !== undefined);
  const run = useTraining((s) =>
    s.list?.some(({ id, starts }) => from?.kind === 'run' && id === from.run && starts.length > 0),
  );
  return from?.kind === 'current' ? current : run === true;
}
