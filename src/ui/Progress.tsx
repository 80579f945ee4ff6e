/** How far some work is, in a bar and in words. */
import styles from './Progress.module.css';

interface Props {
  label: string;
  /** 0 to 1; null while it is not known. */
  share: number | null;
  text: string;
}

export function Progress({ label, share, text }: Props) {
  return (
    <div className={styles.progress}>
      <progress className={styles.bar} value={share ?? undefined} aria-label={label} />
      <span className={styles.text}>{text}</span>
    </div>
  );
}
