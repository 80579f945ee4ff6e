/** How far some work is, as a bar. */
import styles from './Track.module.css';

interface Props {
  label: string;
  /** 0 to 1; null while it is not known. */
  share: number | null;
  /** What a screen reader says instead of the share. */
  text?: string;
  /** Nothing is under way: only the place is kept. */
  idle?: boolean;
}

export function Track({ label, share, text, idle = false }: Props) {
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuetext={text}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      aria-hidden={idle}
      data-idle={idle}
    >
      <div className={styles.done} style={{ transform: `scaleX(${share ?? 0})` }} />
    </div>
  );
}
