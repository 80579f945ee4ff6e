/** The parts of a recipe that few need to change. */
import type { Recipe } from '../../workers/contract.ts';
import { useDatasets } from '../state/datasets.ts';
import { chosenDataset } from '../state/palettes.ts';
import { useRecipe } from '../state/recipe.ts';
import { useSession } from '../state/session.ts';
import { Choice } from '../ui/Choice.tsx';
import { bytes } from '../ui/format.ts';
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
const PRECISIONS = [
  { value: 'f32', label: 'f32' },
  { value: 'f16', label: 'f16' },
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
      <Precision recipe={recipe} change={change} />
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
      <ProbeEvery recipe={recipe} change={change} />
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

/** How often what each layer knows is probed; labels have to tell. */
function ProbeEvery({ recipe, change }: Props) {
  const dataset = useDatasets(chosenDataset);
  const unlabelled = dataset !== undefined && dataset.classes.length < 2;
  return (
    <NumberField
      label="Probe every"
      value={recipe.probeEvery}
      min={0}
      max={MANY}
      whole
      disabled={unlabelled}
      hint={
        unlabelled
          ? 'For pictures of two or more classes.'
          : '0 is never; more seldom where that takes over a tenth of the time.'
      }
      onChange={(probeEvery) => change({ probeEvery })}
    />
  );
}

/** Offered where this device has f16, and where it was chosen on another one. */
function Precision({ recipe: { precision }, change }: Props) {
  const possible = useSession((s) => s.device?.training.f16);
  const cost = useRecipe((s) => s.cost);
  if (!possible && precision === 'f32') return null;
  const whole = cost && (precision === 'f16' ? cost.bytes + cost.saved : cost.bytes);
  return (
    <div className={styles.wide}>
      <p className={styles.label} aria-hidden="true">
        Precision
      </p>
      <Choice
        label="Precision"
        options={PRECISIONS}
        value={precision}
        onChange={(precision) => change({ precision })}
      />
      <p className={styles.label}>
        {cost && whole && cost.saved > 0
          ? `In f16 it takes ${bytes(whole - cost.saved)} instead of ${bytes(whole)}; the weights stay f32.`
          : 'In f16 it takes little more than half the memory; the weights stay f32.'}
      </p>
    </div>
  );
}

type NumberKey = { [K in keyof Recipe]: Recipe[K] extends number ? K : never }[keyof Recipe];
