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
  return (
    <p className={styles.origin}>{origin === 'earlier' ? 'Made earlier by the same model' : 'Made on this device'}</p>
  );
}
