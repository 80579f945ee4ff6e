/** How far a long command is and how long it will take, on standard error. */
import type { EvaluationProgress } from '../workers/contract.ts';
import type { EvaluationWork } from '../workers/evaluate/work.ts';
import { breathe } from '../workers/lab/queue.ts';

/** Milliseconds between two lines. */
const EVERY_MS = 2000;

const WORDS: Record<EvaluationProgress['stage'], string> = {
  likelihood: 'scored',
  samples: 'drawn',
  features: 'have become features',
  nearest: 'searched',
};

/** Work at once, that tells of itself: the end of each stage, and a line in so many seconds. */
export function loggedWork(): EvaluationWork {
  let toldAt = 0;
  return {
    // Without a breath nobody could stop the program: WebAssembly never waits.
    piece: async (job) => {
      await breathe();
      return job();
    },
    onProgress: ({ stage, done, total, secondsLeft }) => {
      const now = performance.now();
      if (done < total && now - toldAt < EVERY_MS) return;
      toldAt = now;
      const left = done < total && secondsLeft !== null ? `, ${lasting(secondsLeft)} left` : '';
      console.error(`${Math.floor(done)} of ${total} pictures ${WORDS[stage]}${left}.`);
    },
  };
}

const lasting = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
