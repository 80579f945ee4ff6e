/** The live region for what is announced. It is there from the beginning, because some screen readers hear no other. */
import { useAnnouncements } from '../state/announcements.ts';
import styles from './Announcements.module.css';

export function Announcements() {
  const { text, number } = useAnnouncements((s) => s);
  return (
    <p className={styles.spoken} aria-live="polite">
      <span key={number}>{text}</span>
    </p>
  );
}
