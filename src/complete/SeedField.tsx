/** The seed, to type or to throw; Enter completes with it. The same seed gives the same pictures on the same device. */
import { type KeyboardEvent, useId, useState } from 'react';
import { completion } from '../state/completion.ts';
import { SAMPLING_RANGES, useSampling } from '../state/sampling.ts';
import { Button } from '../ui/Button.tsx';
import { Dice } from '../ui/icons.tsx';
import styles from './SeedField.module.css';

export function SeedField() {
  const id = useId();
  const seed = useSampling((s) => s.sampling.seed);
  const change = useSampling((s) => s.change);
  const rollSeed = useSampling((s) => s.rollSeed);
  /** What is being typed, which need not be a number yet. */
  const [draft, setDraft] = useState<string | null>(null);

  const type = (text: string) => {
    setDraft(text);
    if (/^\d+$/.test(text)) change({ seed: Number(text) });
  };

  const start = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    void completion.getState().complete();
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        Seed
      </label>
      <div className={styles.row}>
        <input
          id={id}
          className={styles.input}
          inputMode="numeric"
          autoComplete="off"
          maxLength={String(SAMPLING_RANGES.seed.max).length}
          value={draft ?? seed}
          onChange={(event) => type(event.target.value)}
          onBlur={() => setDraft(null)}
          onKeyDown={start}
        />
        <Button square aria-label="Random seed" title="Random seed" onClick={rollSeed}>
          <Dice />
        </Button>
      </div>
    </div>
  );
}
