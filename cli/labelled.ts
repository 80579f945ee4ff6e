/** Labelled pictures from disk, as a model sees them. */
import { encodePixels } from '../workers/data/palette.ts';
import { readDataset } from '../workers/data/read-dataset.ts';
import { reducePictures } from '../workers/data/reduce.ts';
import { BadInput } from '../workers/errors.ts';
import type { OpenModel } from '../workers/lab/models.ts';
import type { LabelledPictures } from '../workers/probe/labels.ts';
import { type DataNotes, incoming, logReading } from './options.ts';

/** The first pictures of the files as the model sees them, with their classes. */
export async function readLabelled(
  paths: string[],
  model: OpenModel,
  limit = Number.POSITIVE_INFINITY,
): Promise<LabelledPictures & { classes: string[]; reading: DataNotes }> {
  const blocks: Int16Array[] = [];
  let count = 0;
  const { labels, classes, skipped, damaged, notes } = await readDataset(
    await incoming(paths),
    async (pixels, side) => {
      const wanted = pixels.subarray(0, 3 * side * side * Math.max(0, limit - count));
      count += pixels.length / (3 * side * side);
      blocks.push(encodePixels(reducePictures(wanted, side, model.info.side), model.palette));
    },
  );
  const reading = { skipped, damaged, notes };
  logReading(reading);
  if (limit !== Number.POSITIVE_INFINITY && count < limit) {
    throw new BadInput(`${paths.join(', ')}: there are ${count} pictures, not ${limit}.`);
  }
  const tokens = new Int16Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    tokens.set(block, at);
    at += block.length;
  }
  return { tokens, labels: labels.slice(0, limit), classes, reading };
}
