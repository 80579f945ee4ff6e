/** A labelled slider with its value in figures. The thumb carries the label as its accessible name. */
import { Slider as Radix } from 'radix-ui';
import { useId } from 'react';
import styles from './Slider.module.css';

interface Props {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
  /** How the value reads, e.g. "off" for 0. */
  format?: (value: number) => string;
  hint?: string;
  /** Label, value and slider in one line. */
  inline?: boolean;
}

export function Slider({ label, value, min, max, step, onChange, format = String, hint, inline = false }: Props) {
  const hintId = useId();
  return (
    <div className={inline ? styles.inline : styles.field}>
      <div className={styles.head} aria-hidden="true">
        <span>{label}</span>
        <output className={styles.value}>{format(value)}</output>
      </div>
      <Radix.Root
        className={styles.root}
        value={[value]}
        min={min}
        max={max}
        step={step}
        onValueChange={([next]) => onChange(next)}
      >
        <Radix.Track className={styles.track}>
          <Radix.Range className={styles.range} />
        </Radix.Track>
        <Radix.Thumb
          className={styles.thumb}
          aria-label={label}
          aria-valuetext={format(value)}
          aria-describedby={hint ? hintId : undefined}
        />
      </Radix.Root>
      {hint && (
        <p id={hintId} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
