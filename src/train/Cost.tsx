/** What the run would take: parameters, memory, time; or why it cannot be. */
import { useDatasets } from '../state/datasets.ts';
import { chosenDataset, usePalettes } from '../state/palettes.ts';
import { useRecipe } from '../state/recipe.ts';
import { bytes, count, duration } from '../ui/format.ts';
import styles from './Cost.module.css';

/** Of the training pictures, where nothing is marked as test. */
const LEARNT_FROM = 0.9;

export function Cost() {
  const cost = useRecipe((s) => s.cost);
  const recipe = useRecipe((s) => s.recipe);
  const dataset = useDatasets(chosenDataset);
  const reduction = usePalettes((s) => s.chosen);
  if (!dataset || !reduction) return null;
  if (cost?.problem) {
    return (
      <p className={styles.problem} role="alert">
        {cost.problem}
      </p>
    );
  }
  const pixels = reduction.side ** 2;
  const picturesOf = (wanted: 'train' | 'test') =>
    dataset.sources.reduce((sum, { part, count: n }) => sum + (part === wanted ? n : 0), 0);
  const pictures = picturesOf('test') > 0 ? picturesOf('train') : Math.ceil(LEARNT_FROM * picturesOf('train'));
  const epochs = (recipe.steps * recipe.batch) / Math.max(1, pictures);
  const seconds = cost ? (recipe.steps * recipe.batch * pixels) / cost.tokensPerSecond : 0;
  const about = cost?.measured ? '' : 'about ';
  return (
    <dl className={styles.cost} aria-busy={cost === null}>
      <Fact name="Parameters" value={cost ? count(cost.parameters) : '…'} />
      <Fact name="Memory" value={cost ? bytes(cost.bytes) : '…'} />
      <Fact name="Epochs" value={epochs.toLocaleString('en', { maximumSignificantDigits: 3 })} />
      <Fact name="An epoch" value={cost ? `${about}${duration((pictures * pixels) / cost.tokensPerSecond)}` : '…'} />
      <Fact name="The run" value={cost ? `${about}${duration(seconds)}` : '…'} />
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>{value}</dd>
    </div>
  );
}
