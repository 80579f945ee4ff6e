/** One of a few, side by side: a radio group that looks like one control. */
import { ToggleGroup } from 'radix-ui';
import styles from './Choice.module.css';

interface Props<T extends string> {
  label: string;
  options: readonly { value: T; label: string; disabled?: boolean }[];
  value: T;
  onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, options, value, onChange }: Props<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      className={styles.root}
      aria-label={label}
      value={value}
      onValueChange={(picked) => {
        const option = options.find((o) => o.value === picked);
        if (option) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <ToggleGroup.Item key={option.value} value={option.value} disabled={option.disabled} className={styles.item}>
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
