/** What a browser downloads into a folder of the test's own. */

import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Download } from './driver.ts';

/** The one file that the browser saves in the empty folder when `start` has been done. It is taken out again. */
export async function savedIn(folder: string, start: () => Promise<void>): Promise<Download> {
  await start();
  // Until it is whole, a part of it lies beside it, and an empty file may hold its place.
  const isWhole = async () => {
    const names = await readdir(folder);
    return names.length === 1 && !names[0].endsWith('.part') && (await stat(join(folder, names[0]))).size > 0;
  };
  await expect.poll(isWhole, { message: 'a file was saved' }).toBe(true);
  const [name] = await readdir(folder);
  const path = join(folder, name);
  const bytes = await readFile(path);
  await rm(path);
  return { name, bytes };
}
