/** One of the three work zones: what goes in, what comes out, what it means. */
import { type ReactNode, useId } from 'react';
import styles from './Zone.module.css';

interface Props {
  title: string;
  /** Stands beside the heading. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Zone({ title, aside, children }: Props) {
  const id = useId();
  return (
    <section className={styles.zone} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
