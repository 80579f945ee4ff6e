import type { Row } from './rows.ts';
import type { Job } from './suites/suite.ts';

/** Something that runs suites. `run` rejects with one sentence when a suite fails as a whole or its time is over. */
export interface Runner {
  run(job: Job, hear: (message: { row: Row } | { log: string }) => void, milliseconds: number): Promise<void>;
  close(): Promise<void>;
}
