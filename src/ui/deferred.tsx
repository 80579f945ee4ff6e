/**
 * A part of the page whose code is fetched when it is first shown. Where that code cannot be loaded or fails, a sentence
 * takes the part's place, with a button that loads it anew; the rest of the page goes on.
 */
import { Component, type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';
import { Button } from './Button.tsx';
import styles from './deferred.module.css';

class NotLoaded extends Error {}

export function deferred(load: () => Promise<ComponentType>): ComponentType {
  const loading = (prepare?: () => Promise<void>) =>
    lazy(async () => {
      try {
        await prepare?.();
        return { default: await load() };
      } catch (error) {
        throw new NotLoaded(String(error), { cause: error });
      }
    });
  let latest = loading();
  return function Deferred() {
    const [Part, setPart] = useState(() => latest);
    const loadAnew = () => {
      latest = loading(fetchFailedStyles);
      setPart(() => latest);
    };
    return (
      <FailureBoundary onRetry={loadAnew}>
        <Suspense
          fallback={
            <p className={styles.loading} role="status">
              Loading…
            </p>
          }
        >
          <Part />
        </Suspense>
      </FailureBoundary>
    );
  };
}

/** Vite asks for a part's styles once only, even if they did not come. @throws if they do not come now either */
async function fetchFailedStyles(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  const failed = links.filter(({ sheet }) => sheet === null);
  await Promise.all(
    failed.map((link) => {
      const again = link.cloneNode() as HTMLLinkElement;
      const come = new Promise((resolve, reject) => {
        again.onload = resolve;
        again.onerror = () => reject(new Error(`${again.href} could not be fetched.`));
      });
      link.replaceWith(again);
      return come;
    }),
  );
}

interface Props {
  onRetry: () => void;
  children: ReactNode;
}

class FailureBoundary extends Component<Props, { failure: unknown }> {
  override state = { failure: undefined };

  static getDerivedStateFromError(failure: unknown) {
    return { failure };
  }

  override render() {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    const retry = () => {
      this.props.onRetry();
      this.setState({ failure: undefined });
    };
    return (
      <div className={styles.missing} role="alert">
        <p>{sentence(failure)}</p>
        <Button look="primary" onClick={retry}>
          Try again
        </Button>
        <Button onClick={() => location.reload()}>Reload the page</Button>
      </div>
    );
  }
}

function sentence(failure: unknown): string {
  if (failure instanceof NotLoaded) return 'This part of the page could not be loaded: is the connection down?';
  return `This part of the page has failed: ${failure instanceof Error ? failure.message : String(failure)}`;
}
