/** A labelled number to type. What is no number, or out of range, is not taken: the field says so and keeps it to be mended. */
import { useId, useState } from 'react';
import styles from './NumberField.module.css';

interface Props {
  label: string;
  value: number;
  min: number;
  max: number;
  /** Whole numbers only. */
  whole?: boolean;
  hint?: string;
  disabled?: boolean;
  onChange: (value: number) => void;
}

export function NumberField({ label, value, min, max, whole = false, hint, disabled, onChange }: Props) {
  const id = useId();
  /** What is being typed; null when the field shows the value. */
  const [draft, setDraft] = useState<string | null>(null);
  const problem = draft === null ? undefined : problemOf(draft, min, max, whole);

  const type = (text: string) => {
    setDraft(text);
    if (!problemOf(text, min, max, whole)) onChange(Number(text));
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        id={id}
        className={styles.input}
        inputMode={whole ? 'numeric' : 'decimal'}
        autoComplete="off"
        value={draft ?? String(value)}
        disabled={disabled}
        aria-invalid={problem !== undefined}
        aria-describedby={problem || hint ? `${id}-hint` : undefined}
        onChange={(event) => type(event.target.value)}
        onBlur={() => !problem && setDraft(null)}
      />
      {(problem || hint) && (
        <p id={`${id}-hint`} className={styles.hint} data-problem={problem !== undefined}>
          {problem ?? hint}
        </p>
      )}
    </div>
  );
}

function problemOf(text: string, min: number, max: number, whole: boolean): string | undefined {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number) || (whole && !Number.isInteger(number))) {
    return whole ? 'A whole number is needed.' : 'A number is needed.';
  }
  return number < min || number > max ? `From ${min} to ${max}.` : undefined;
}
