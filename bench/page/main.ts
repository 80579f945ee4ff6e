/**
 * The page of the bench starts a worker, as the product does, and passes on what it says. Peers may wait for their
 * threads there, which no page may.
 */
import type { Row } from '../rows.ts';
import type { Job } from '../suites/suite.ts';

export type Message = { row: Row } | { log: string } | { done: true } | { failure: string };

declare global {
  interface Window {
    /** Set by chromium.ts. */
    bench: (message: Message) => void;
    runBench: (job: Job & { env: string }) => void;
  }
}

window.runBench = (job) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Message>) => window.bench(data);
  worker.onerror = ({ message }) => window.bench({ failure: message || 'The worker of the bench did not start.' });
  worker.postMessage(job);
};
