/** What is to be trained: size, objective, recipe, and what that takes on this device before it is begun. */
import { Collapsible } from 'radix-ui';
import type { Recipe } from '../../workers/contract.ts';
import { useDatasets } from '../state/datasets.ts';
import { shapeFor, useRecipe, usualName } from '../state/recipe.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/Button.tsx';
import { Choice } from '../ui/Choice.tsx';
import { ChevronDown } from '../ui/icons.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Cost } from './Cost.tsx';
import { PRESET_NAMES, PRESETS, type PresetName, presetOf } from './presets.ts';
import { RecipeFields } from './RecipeFields.tsx';
import styles from './SetupPanel.module.css';
import { StartButton } from './StartButton.tsx';
import { BeginWithClass, LearnClasses, StartFrom } from './StartFrom.tsx';

const OBJECTIVES = [
  { value: 'autoregressive', label: 'Autoregressive' },
  { value: 'bert', label: 'BERT' },
] as const satisfies readonly { value: Recipe['objective']; label: string }[];

export function SetupPanel() {
  const recipe = useRecipe((s) => s.recipe);
  const change = useRecipe((s) => s.change);
  const isNew = useRecipe((s) => s.from === null);
  return (
    <div className={styles.panel}>
      <StartFrom />
      {isNew && <Size />}
      <div>
        <p className={styles.label} aria-hidden="true">
          Objective
        </p>
        <Choice
          label="Objective"
          options={OBJECTIVES}
          value={recipe.objective}
          onChange={(objective) => change({ objective })}
        />
        <p className={styles.hint}>
          {recipe.objective === 'bert'
            ? 'Foresees hidden pixels from all others. Such a model cannot draw, but its layers can be probed.'
            : 'Foresees each pixel from those before it.'}
        </p>
      </div>
      <LearnClasses />
      <BeginWithClass />
      <div className={styles.pair}>
        <NumberField
          label="Steps"
          value={recipe.steps}
          min={1}
          max={10_000_000}
          whole
          onChange={(steps) => change({ steps })}
        />
        <NumberField
          label="Pictures a step"
          value={recipe.batch}
          min={1}
          max={4096}
          whole
          onChange={(batch) => change({ batch, parts: 1 })}
        />
      </div>
      <Collapsible.Root>
        <Collapsible.Trigger asChild>
          <Button look="quiet" className={styles.more}>
            Recipe
            <ChevronDown />
          </Button>
        </Collapsible.Trigger>
        <Collapsible.Content className={styles.folded}>
          <RecipeFields recipe={recipe} change={change} />
        </Collapsible.Content>
      </Collapsible.Root>
      <Cost />
      <Start />
    </div>
  );
}

function Size() {
  const device = useSession((s) => s.device);
  const chosen = useRecipe((s) => s.chosen);
  const choose = useRecipe((s) => s.choose);
  const shape = shapeFor(chosen, device);
  return (
    <div>
      <label className={styles.label} htmlFor="preset">
        Size of the model
      </label>
      <select
        id="preset"
        className={styles.box}
        value={presetOf(shape) ?? 'custom'}
        onChange={(event) => choose(PRESETS[event.target.value as PresetName] ?? shape)}
      >
        {PRESET_NAMES.map((name) => (
          <option key={name} value={name}>
            {`${name}: ${PRESETS[name].layers} layers, width ${PRESETS[name].width}, ${PRESETS[name].heads} heads`}
          </option>
        ))}
        {!presetOf(shape) && <option value="custom">custom</option>}
      </select>
      <div className={styles.triple}>
        <NumberField
          label="Layers"
          value={shape.layers}
          min={1}
          max={128}
          whole
          onChange={(layers) => choose({ ...shape, layers })}
        />
        <NumberField
          label="Width"
          value={shape.width}
          min={4}
          max={8192}
          whole
          onChange={(width) => choose({ ...shape, width })}
        />
        <NumberField
          label="Heads"
          value={shape.heads}
          min={1}
          max={128}
          whole
          onChange={(heads) => choose({ ...shape, heads })}
        />
      </div>
    </div>
  );
}

function Start() {
  const device = useSession((s) => s.device);
  const chosen = useRecipe((s) => s.chosen);
  const from = useRecipe((s) => s.from);
  const name = useRecipe((s) => s.name);
  const setName = useRecipe((s) => s.setName);
  const usual = useDatasets((s) => usualName({ chosen, from }, device, s));
  return (
    <div className={styles.start}>
      <label className={styles.label} htmlFor="run-name">
        Name of the run
      </label>
      <input
        id="run-name"
        className={styles.box}
        value={name}
        maxLength={80}
        placeholder={usual}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <StartButton />
    </div>
  );
}
