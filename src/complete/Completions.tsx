/** What comes out: the way to start, how it is sampled, and the pictures as they come. */
import { useCompletion } from '../state/completion.ts';
import { Zone } from '../ui/Zone.tsx';
import styles from './Completions.module.css';
import { RunBar } from './RunBar.tsx';
import { SamplingControls } from './SamplingControls.tsx';
import { VariantGrid } from './VariantGrid.tsx';

export function Completions() {
  return (
    <Zone title="Completions" aside={<Origin />}>
      <RunBar />
      <SamplingControls />
      <VariantGrid />
    </Zone>
  );
}

function Origin() {
  const origin = useCompletion((s) => s.run?.origin);
  if (!origin) return null;
  const text = origin === 'earlier' ? 'Made earlier by the same model' : 'Made on this device';
  return (
    <p className={styles.origin} title={text}>
      {text}
    </p>
  );
}
