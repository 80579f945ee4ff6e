/**
 * STL-10's binary files: pictures of 96 × 96 as three colour planes whose columns run first, and labels 1 to 10 in a file of
 * their own. Source: cs.stanford.edu/~acoates/stl10 and its stl10_input.py.
 */

import { BadInput } from '../errors.ts';
import type { PictureBlock } from './dataset.ts';
import { fromColumnPlanes } from './planes.ts';
import { recordBlocks, type Source, wholeSource } from './source.ts';

export const STL_SIDE = 96;
/** Bytes of a picture. */
export const STL_PICTURE = 3 * STL_SIDE * STL_SIDE;
export const STL_CLASSES = 10;
/** More than STL-10 has pictures of any kind. */
const MAX_LABELS = 1e6;

/** The pictures of one file; their labels are elsewhere. @throws BadInput if the last one is cut off. */
export async function* readStlPictures(source: Source): AsyncGenerator<Omit<PictureBlock, 'labels'>> {
  for await (const { count, bytes } of recordBlocks(source, STL_PICTURE)) {
    const pixels = new Uint8Array(count * STL_PICTURE);
    for (let i = 0; i < count; i++) fromColumnPlanes(bytes, i * STL_PICTURE, pixels, i * STL_PICTURE, STL_SIDE);
    yield { width: STL_SIDE, height: STL_SIDE, count, pixels };
  }
}

/** The labels of one file, from 0 on. @throws BadInput naming the first that is not 1 to 10. */
export async function readStlLabels(source: Source): Promise<Int16Array> {
  const bytes = await wholeSource(source, MAX_LABELS);
  const wrong = bytes.findIndex((label) => label < 1 || label > STL_CLASSES);
  if (wrong >= 0) {
    throw new BadInput(
      `${source.path} is no file of STL-10 labels: byte ${wrong} is ${bytes[wrong]}, and labels go from 1 to ${STL_CLASSES}.`,
    );
  }
  return Int16Array.from(bytes, (label) => label - 1);
}
