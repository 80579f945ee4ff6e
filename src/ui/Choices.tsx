/** Any number of a few, side by side: buttons that stay pressed. */
import { ToggleGroup } from 'radix-ui';
import styles from './Choices.module.css';

interface Props<T extends string> {
  label: string;
  options: readonly { value: T; label: string; title?: string }[];
  values: readonly T[];
  onChange: (values: T[]) => void;
}

export function Choices<T extends string>({ label, options, values, onChange }: Props<T>) {
  return (
    <ToggleGroup.Root
      type="multiple"
      className={styles.root}
      aria-label={label}
      value={[...values]}
      onValueChange={(picked) => onChange(options.map(({ value }) => value).filter((value) => picked.includes(value)))}
    >
      {options.map((option) => (
        <ToggleGroup.Item key={option.value} value={option.value} title={option.title} className={styles.item}>
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
