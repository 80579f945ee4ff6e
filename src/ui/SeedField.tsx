/** A seed, to type or to throw. */
import { type KeyboardEvent, useId, useState } from 'react';
import { Button } from './Button.tsx';
import { Dice } from './icons.tsx';
import styles from './SeedField.module.css';

interface Props {
  seed: number;
  /** Unsigned 32-bit. */
  onChange: (seed: number) => void;
  onEnter?: () => void;
}

const LARGEST = 2 ** 32 - 1;
/** Thrown seeds are short enough to be told to somebody. */
const THROWN = 100_000;

export function SeedField({ seed, onChange, onEnter }: Props) {
  const id = useId();
  /** What is being typed, which need not be a number yet. */
  const [draft, setDraft] = useState<string | null>(null);

  const type = (text: string) => {
    setDraft(text);
    if (/^\d+$/.test(text)) onChange(Math.min(LARGEST, Number(text)));
  };

  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !onEnter) return;
    event.preventDefault();
    onEnter();
  };
  return (
    <div>
      <label htmlFor={id} className={styles.label}>
        Seed
      </label>
      <div className={styles.row}>
        <input
          id={id}
          className={styles.input}
          inputMode="numeric"
          autoComplete="off"
          maxLength={String(LARGEST).length}
          value={draft ?? seed}
          onChange={(event) => type(event.target.value)}
          onBlur={() => setDraft(null)}
          onKeyDown={enter}
        />
        <Button
          square
          aria-label="Random seed"
          title="Random seed"
          onClick={() => onChange(Math.floor(Math.random() * THROWN))}
        >
          <Dice />
        </Button>
      </div>
    </div>
  );
}
