/**
 * A program of its own, so that its memory is the reader's alone: reads a data set from a file and prints one line of JSON.
 *
 *     tsx testing-archive.ts FILE [STOP_AFTER_BYTES]
 */
import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { readDataset } from './read-dataset.ts';

export interface ArchiveReport {
  count: number;
  sources: { name: string; part: string }[];
  /** md5 of all pixels in their order. */
  pixels: string;
  /** Highest resident memory of the whole program. */
  megabytes: number;
  /** How many times progress was told, whether it ever went back, and its last word. */
  progress: { calls: number; rising: boolean; last: number; total: number };
  /** The error's name, where there was one, and the pixels that came after it. */
  stopped?: string;
  late: number;
}

const [file, stopAfter] = process.argv.slice(2);
const controller = new AbortController();
const pixels = createHash('md5');
const report: ArchiveReport = {
  count: 0,
  sources: [],
  pixels: '',
  megabytes: 0,
  progress: { calls: 0, rising: true, last: 0, total: 0 },
  late: 0,
};

try {
  const head = await readDataset(
    [{ path: basename(file), file: await openAsBlob(file) }],
    async (block) => {
      if (controller.signal.aborted) report.late += block.length;
      pixels.update(block);
    },
    {
      signal: controller.signal,
      onProgress(loaded, total) {
        const { progress } = report;
        progress.rising &&= loaded >= progress.last;
        Object.assign(progress, { calls: progress.calls + 1, last: loaded, total });
        if (stopAfter !== undefined && loaded > Number(stopAfter)) controller.abort();
      },
    },
  );
  report.count = head.count;
  report.sources = head.sources;
} catch (error) {
  report.stopped = (error as Error).name;
}
report.pixels = pixels.digest('hex');
report.megabytes = process.resourceUsage().maxRSS / 1000;
console.log(JSON.stringify(report));
