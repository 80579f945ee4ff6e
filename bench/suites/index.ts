/** Runs suites by name. */
import type { Platform } from '../platform.ts';
import type { Row } from '../rows.ts';
import { WORKLOADS } from '../workload.ts';
import type { SuiteName } from './catalogue.ts';
import { decode } from './decode.ts';
import { decodeWasm } from './decode-wasm.ts';
import { features, featuresWasm } from './features.ts';
import { matmul } from './matmul.ts';
import { memory } from './memory.ts';
import type { Context, Job } from './suite.ts';
import { train } from './train.ts';
import { trainWasm } from './train-wasm.ts';

const SUITES: Record<SuiteName, (context: Context) => Promise<void>> = {
  train,
  decode,
  'train-wasm': trainWasm,
  'decode-wasm': decodeWasm,
  features,
  'features-wasm': featuresWasm,
  matmul,
  memory,
};

/** Runs one suite here; rows and log lines go out as they come. */
export function runJob(
  { suite, size, quick, only, budget }: Job,
  platform: Platform,
  emit: (row: Row) => void,
  log: (line: string) => void,
): Promise<void> {
  const end = performance.now() + budget;
  const left = () => end - performance.now();
  return SUITES[suite]({
    platform,
    workload: WORKLOADS[size],
    quick,
    effort: quick
      ? { rounds: 2, milliseconds: 2_500, warm: { least: 800, most: 3_000 }, left }
      : { rounds: 7, milliseconds: 20_000, warm: { least: 1_500, most: 8_000 }, left },
    begin: () => {
      if (left() < 0) throw new Error('not begun, because the time of this suite was over.');
    },
    wanted: (row) => only === undefined || only === row,
    log,
    emit,
  });
}
