/** How far some work is, in a bar and in words. */
import styles from './Progress.module.css';
import { Track } from './Track.tsx';

interface Props {
  label: string;
  /** 0 to 1; null while it is not known. */
  share: number | null;
  text: string;
}

export function Progress({ label, share, text }: Props) {
  return (
    <div className={styles.progress}>
      <div className={styles.bar}>
        <Track label={label} share={share} text={text} />
      </div>
      <span className={styles.text}>{text}</span>
    </div>
  );
}
