/** What no archive of pictures does, and what would fill a disk or leave the folder if it were believed. */

import { BadInput } from '../../errors.ts';

/** Pictures hardly shrink, and deflate cannot do more than 1,032 times. */
const MAX_RATIO = 200;
/** Anything may unpack to this. */
const FREE_BYTES = 100e6;

/**
 * @param packed bytes of the archive that were read so far
 * @throws BadInput if a small archive has become very large.
 */
export function checkGrowth(path: string, packed: number, unpacked: number): void {
  if (unpacked <= FREE_BYTES || unpacked <= MAX_RATIO * packed) return;
  throw new BadInput(
    `${path} unpacks to more than ${MAX_RATIO} times its size (at byte ${packed}): it is made to fill a disk, and is not opened.`,
  );
}

/**
 * A name from the root of a disk is read from the top of the archive, as tar and unzip do.
 * @throws BadInput if an entry's name leads out of the archive.
 */
export function checkName(archive: string, name: string): void {
  const parts = name.split(/[\\/]/);
  if (!parts.includes('..') && !name.includes('\0')) return;
  const shown = name.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
  throw new BadInput(`${archive} has an entry that points outside of it, "${shown}", and is not opened.`);
}
