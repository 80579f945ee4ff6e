/** Measures this device when asked to, and lets the figures be copied. */
import { useState } from 'react';
import type { BenchmarkRow } from '../../workers/contract.ts';
import { copyText } from '../state/clipboard.ts';
import { report } from '../state/notices.ts';
import { session, useSession } from '../state/session.ts';
import { Button } from '../ui/Button.tsx';
import { BACKEND_NAMES } from '../ui/backendNames.ts';
import { measured } from '../ui/format.ts';
import styles from './Benchmark.module.css';

const WORK: Record<BenchmarkRow['work'], string> = {
  completing: 'Completing, 8 at a time',
  training: 'Training, batches of 4',
};

export function Benchmark() {
  const ready = useSession((s) => s.phase === 'ready');
  const adapter = useSession((s) => s.device?.adapter);
  const [running, setRunning] = useState(false);
  const [rows, setRows] = useState<BenchmarkRow[]>([]);

  const run = async () => {
    setRunning(true);
    setRows([]);
    try {
      await session
        .getState()
        .lab()
        .benchmark((row) => setRows((before) => [...before, row]));
    } catch (error) {
      report(error);
    } finally {
      setRunning(false);
    }
  };

  const copy = () => {
    const lines = rows.map(
      (row) => `${WORK[row.work]}: ${measured(row.tokensPerSecond)} pixels/s on ${BACKEND_NAMES[row.backend]}`,
    );
    return copyText(
      [`Image GPT in a tab, preset xs, ${adapter}`, ...lines].join('\n'),
      'The figures are copied.',
      'The browser does not let this page copy. Copy the figures from here:',
    );
  };

  return (
    <div className={styles.benchmark}>
      <div className={styles.actions}>
        <Button look="primary" disabled={!ready || running} onClick={() => void run()}>
          {running ? 'Measuring…' : 'Benchmark this device'}
        </Button>
        {rows.length > 0 && !running && (
          <Button look="plain" onClick={() => void copy()}>
            Copy the figures
          </Button>
        )}
      </div>
      <dl className={styles.rows} aria-live="polite" aria-label="Benchmark">
        {rows.map(({ work, tokensPerSecond, backend }) => (
          <div key={work}>
            <dt>
              {WORK[work]} <span className={styles.soft}>on {BACKEND_NAMES[backend]}</span>
            </dt>
            <dd>{measured(tokensPerSecond)} pixels/s</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
