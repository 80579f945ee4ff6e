/** The parts of a recipe that few need to change. */
import type { Recipe } from '../../workers/contract.ts';
import { Choice } from '../ui/Choice.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { SeedField } from '../ui/SeedField.tsx';
import { Switch } from '../ui/Switch.tsx';
import styles from './RecipeFields.module.css';

const SCHEDULES = [
  { value: 'cosine', label: 'Cosine to 0' },
  { value: 'constant', label: 'Constant' },
] as const;
const SPIKES = [
  { value: 'pause', label: 'Pause' },
  { value: 'rollback', label: 'Go back at half the rate' },
] as const;
const MANY = 10_000_000;

interface Props {
  recipe: Recipe;
  change: (part: Partial<Recipe>) => void;
}

export function RecipeFields({ recipe, change }: Props) {
  const number = (label: string, key: NumberKey, min: number, max: number, whole = true, hint?: string) => (
    <NumberField
      label={label}
      value={recipe[key]}
      min={min}
      max={max}
      whole={whole}
      hint={hint}
      onChange={(value) => change({ [key]: value })}
    />
  );
  return (
    <div className={styles.fields}>
      {number('Learning rate', 'rate', 0, 1, false)}
      {number('Steps of warm-up', 'warmup', 0, MANY)}
      <div className={styles.wide}>
        <Choice
          label="Schedule"
          options={SCHEDULES}
          value={recipe.schedule}
          onChange={(schedule) => change({ schedule })}
        />
      </div>
      {number('Weight decay', 'weightDecay', 0, 1, false)}
      {number('Clip the gradient at', 'clip', 1e-6, 1e9, false)}
      {number('Parts of a batch', 'parts', 1, recipe.batch, true, 'Passed one by one, for less memory.')}
      <SeedField seed={recipe.seed} onChange={(seed) => change({ seed })} />
      <div className={styles.wide}>
        <Switch
          label="Mirror"
          hint="Half of the pictures, each time anew."
          checked={recipe.flip}
          onChange={(flip) => change({ flip })}
        />
      </div>
      {number('Shift by up to pixels', 'crop', 0, 8)}
      {number('Least area of a cut-out', 'leastArea', 0.05, 1, false)}
      {number('Judge every', 'validateEvery', 0, MANY)}
      {number('Pictures to judge by', 'validationPictures', 1, 100_000)}
      {number('End after judgements no better', 'patience', 0, 10_000, true, '0 goes on to the last step.')}
      {recipe.classify && number('Pixels count, beside classes', 'generative', 0, 100, false)}
      {number('Draw every', 'sampleEvery', 0, MANY)}
      {number('Save every', 'saveEvery', 1, MANY)}
      {number('Keep weights every', 'keepEvery', 0, MANY)}
      <div className={styles.wide}>
        <p className={styles.label} aria-hidden="true">
          When the loss leaps up
        </p>
        <Choice
          label="When the loss leaps up"
          options={SPIKES}
          value={recipe.onSpike}
          onChange={(onSpike) => change({ onSpike })}
        />
      </div>
    </div>
  );
}

type NumberKey = { [K in keyof Recipe]: Recipe[K] extends number ? K : never }[keyof Recipe];
