/** Stands in for a page that can no longer be drawn, where React would leave nothing on the screen at all. */
import { Component, type ReactNode } from 'react';
import { Button } from '../Button.tsx';
import styles from './LastResort.module.css';

interface Props {
  children: ReactNode;
}

interface State {
  failure: string | null;
}

export class LastResort extends Component<Props, State> {
  override state: State = { failure: null };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return (
      <main className={styles.page}>
        <h1 className={styles.title}>This page has failed</h1>
        <p>The drawing and the settings are safe in its address: reload it to have them back.</p>
        <p className={styles.cause}>{failure}</p>
        <Button look="primary" onClick={() => location.reload()}>
          Reload
        </Button>
      </main>
    );
  }
}
