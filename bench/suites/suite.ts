/** A suite is what runs in one fresh page or process: ours and its peers, one after the other and in turn. */
import type { Effort } from '../measure.ts';
import type { Platform } from '../platform.ts';
import type { Row } from '../rows.ts';
import type { Workload } from '../workload.ts';
import type { SuiteName } from './catalogue.ts';

export interface Job {
  suite: SuiteName;
  size: 'xs' | 'small';
  quick: boolean;
  only?: string;
  /** Milliseconds after which nothing further is begun. */
  budget: number;
}

export interface Context {
  platform: Platform;
  workload: Workload;
  quick: boolean;
  effort: Effort;
  /** Throws when the budget is spent: nothing further is begun then. */
  begin: () => void;
  /** Whether a row of this name is asked for. */
  wanted: (row: string) => boolean;
  log: (line: string) => void;
  emit: (row: Row) => void;
}
