/** A part of the page whose code is fetched when it is first shown, and a sentence in its place where that fails. */
import { type ComponentType, lazy, Suspense } from 'react';
import { Button } from './Button.tsx';
import styles from './deferred.module.css';

export function deferred(load: () => Promise<ComponentType>): ComponentType {
  const Part = lazy(async () => ({ default: await load().catch(() => NotLoaded) }));
  return function Deferred() {
    return (
      <Suspense
        fallback={
          <p className={styles.loading} role="status">
            Loading…
          </p>
        }
      >
        <Part />
      </Suspense>
    );
  };
}

function NotLoaded() {
  return (
    <div className={styles.missing} role="alert">
      <p>This part of the page could not be loaded: is the connection down? Reload the page to try again.</p>
      <Button onClick={() => location.reload()}>Reload</Button>
    </div>
  );
}
