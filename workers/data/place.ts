/** What a picture's or a shard's place says of it: which part of the data it belongs to, and which class. */

import type { Part } from './dataset.ts';
import type { Source } from './source.ts';

/** Words for data that is held back. Data sets of three parts have their validation part counted with it. */
const HELD_BACK = 'test|testing|val|valid|validation|eval|dev';
const TEST_WORD = new RegExp(`(^|[^a-z])(${HELD_BACK})([^a-z]|$)`, 'i');
const TEST_FOLDER = new RegExp(`^(${HELD_BACK})$`, 'i');
const SPLIT_FOLDER = new RegExp(`^(train|training|${HELD_BACK})$`, 'i');

/** test_batch.bin, test.bin, test_X.bin, test-00000-of-00001.parquet, or anything in a folder or archive called test. */
export function partOfShard({ name, folders, archives }: Source): Part {
  return TEST_WORD.test(name) || [...folders, ...archives.map(stem)].some((x) => TEST_FOLDER.test(x))
    ? 'test'
    : 'train';
}

/** The class is the folder that the picture lies in, splits aside; what lies in none has no class. */
export function placeOfPicture({ folders, archives }: Source): { part: Part; className: string | undefined } {
  const held = [...folders, ...archives.map(stem)].some((folder) => TEST_FOLDER.test(folder));
  return { part: held ? 'test' : 'train', className: folders.findLast((folder) => !SPLIT_FOLDER.test(folder)) };
}

/** Where pictures came from, as far as it is worth telling apart: the archive or folder, and the split. */
export function originOfPicture({ folders, archives }: Source): string {
  const outer = archives[0] ?? folders[0] ?? 'pictures';
  const split = folders.find((folder) => SPLIT_FOLDER.test(folder));
  return split && split !== outer ? `${outer}/${split}` : outer;
}

/** A file's name without its endings. */
export function stem(name: string): string {
  return name.replace(/(\.[a-z0-9]{1,7}){1,2}$/i, '') || name;
}

/** Files that the systems of the day leave everywhere, pictures among them. */
export function isLitter({ name, folders }: Source): boolean {
  return name.startsWith('.') || folders.some((folder) => folder === '__MACOSX' || folder.startsWith('.'));
}
