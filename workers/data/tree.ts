/**
 * Reads the folders of a whole data set: which part each belongs to, and which class its pictures have. Pure, and decided
 * from all folders together: what a name means depends on the names beside it.
 */

import type { Part } from './dataset.ts';
import { splitName, splitsAmong } from './split-words.ts';

/** A folder that holds pictures. */
export interface Folder {
  /** Folders and archives that lead to the archive it is in, outermost first; archives without their endings. */
  above: string[];
  /** Folders inside the innermost archive, outermost first. */
  folders: string[];
}

export interface FolderReading {
  part: Part;
  /** The folder or archive that says which part this is, e.g. "test_set". */
  split: string | undefined;
  className: string | undefined;
}

/** Folders that hold what their parent is about: "n01443537/images". */
const CONTAINER = /^(images?|imgs?|pictures?|pics?|photos?|jpe?gs?|pngs?|jpegimages|data|raw)$/i;

/** Part and class of each folder. Fewer than two classes are none. */
export function readTree(tree: Folder[]): FolderReading[] {
  const found = findSplits(tree.map(({ above, folders }) => [...above, ...folders]));
  const only = containers(tree.map(({ folders }) => folders));
  const steps = (i: number, all: boolean) => {
    const { above, folders } = tree[i];
    const path = all ? [...above, ...folders] : folders;
    const from = above.length + folders.length - path.length;
    return path.flatMap((name, depth) => {
      const split = found[i].splits[from + depth];
      if (split) return split.asClass === undefined ? [] : [split.asClass];
      return depth >= path.length - folders.length && only[i][depth - path.length + folders.length] ? [] : [name];
    });
  };
  const inside = classesOf(
    withoutRoots(
      tree.map((_, i) => steps(i, false)),
      tree,
    ),
  );
  const classes = inside.some((name) => name !== undefined) ? inside : classesOf(tree.map((_, i) => steps(i, true)));
  return tree.map((_, i) => ({ part: found[i].part, split: found[i].split, className: classes[i] }));
}

interface Splits {
  part: Part;
  split: string | undefined;
  /** For each step of the path that is a split. Splits like "train_cats" beside "train_dogs" name a class, too. */
  splits: ({ asClass: string | undefined } | undefined)[];
}

/** Level by level: splits of one parent have their folders in common, so that train/cat and test/cat are one folder. */
function findSplits(paths: string[][]): Splits[] {
  const read: Splits[] = paths.map((path) => ({ part: 'train', split: undefined, splits: path.map(() => undefined) }));
  const keys = paths.map(() => '');
  const deepest = paths.reduce((most, { length }) => Math.max(most, length), 0);
  for (let depth = 0; depth < deepest; depth++) {
    const groups = groupedBy(
      paths.flatMap((path, i) => (depth < path.length ? [i] : [])),
      (i) => keys[i],
    );
    for (const [key, members] of groups) {
      const deep = new Map<string, boolean>();
      for (const i of members) {
        const name = paths[i][depth];
        deep.set(name, deep.get(name) || paths[i].length > depth + 1);
      }
      const siblings = [...deep].map(([name, isDeep]) => ({ name, deep: isDeep }));
      const splits = splitsAmong(siblings, key.includes('*'));
      const rests = new Set([...splits.values()].map(({ rest }) => rest.toLowerCase()));
      for (const i of members) {
        const name = paths[i][depth];
        const split = splits.get(name);
        keys[i] += split ? `/*${rests.size > 1 ? split.rest : ''}` : `/${name}`;
        if (!split) continue;
        read[i].part = split.part;
        read[i].split = name;
        read[i].splits[depth] = { asClass: rests.size > 1 && split.rest !== '' ? split.rest : undefined };
      }
    }
  }
  return read;
}

/** For each step of each path whether it is a container: named like one, and with nothing else beside it. */
function containers(paths: string[][]): boolean[][] {
  const beside = new Map<string, Set<string>>();
  for (const path of paths) {
    path.forEach((name, depth) => {
      const parent = path.slice(0, depth).join('/');
      beside.set(parent, (beside.get(parent) ?? new Set()).add(name));
    });
  }
  return paths.map((path) =>
    path.map((_, depth) => {
      const siblings = beside.get(path.slice(0, depth).join('/'))!;
      return siblings.size === 1 && CONTAINER.test(path[depth]);
    }),
  );
}

/** Archives are opened side by side: the folder around everything in one of them is no level of the tree. */
function withoutRoots(paths: string[][], tree: Folder[]): string[][] {
  const groups = groupedBy([...paths.keys()], (i) => tree[i].above.join('/'));
  const trimmed = [...paths];
  for (const members of groups.values()) {
    const filled = members.filter((i) => paths[i].length > 0);
    const shortest = lengthOfShortest(filled.map((i) => paths[i]));
    let head = 0;
    while (head + 1 < shortest && filled.every((i) => paths[i][head] === paths[filled[0]][head])) head++;
    for (const i of filled) trimmed[i] = paths[i].slice(head);
  }
  return trimmed;
}

/**
 * The name of the class of each path: its last step, or as many as tell it apart. What is around all paths, or at the end
 * of all, tells nothing apart.
 */
function classesOf(paths: string[][]): (string | undefined)[] {
  const filled = paths.filter(({ length }) => length > 0);
  const shortest = lengthOfShortest(filled);
  const alike = (at: (path: string[]) => string) => filled.every((path) => at(path) === at(filled[0]));
  let head = 0;
  while (head < shortest && alike((path) => path[head])) head++;
  let tail = 0;
  while (head + tail + 1 < shortest && alike((path) => path.at(-1 - tail)!)) tail++;
  const inner = paths.map((path) => path.slice(Math.min(head, path.length), Math.max(0, path.length - tail)));
  const distinct = new Map(inner.filter(({ length }) => length > 0).map((path) => [path.join('/'), path]));
  if (distinct.size < 2) return paths.map(() => undefined);
  const names = shortestNames([...distinct.values()]);
  return inner.map((path) => (path.length > 0 ? names.get(path.join('/')) : undefined));
}

/** 0 for no paths. */
const lengthOfShortest = (paths: string[][]) =>
  paths.length === 0 ? 0 : paths.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);

/** The shortest end of each path that no other path has. */
function shortestNames(paths: string[][]): Map<string, string> {
  const ends = new Map<string, number>();
  for (const path of paths) {
    for (let from = 0; from < path.length; from++) {
      const end = path.slice(from).join('/');
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
  }
  return new Map(
    paths.map((path) => {
      let from = path.length - 1;
      while (from > 0 && ends.get(path.slice(from).join('/'))! > 1) from--;
      return [path.join('/'), path.slice(from).join('/')];
    }),
  );
}

function groupedBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/**
 * The part that a file's own name gives to it, e.g. test_batch.bin, x_test.npy, train-00000-of-00001.parquet or data_batch_1;
 * undefined if it says nothing.
 */
export function partInName(name: string): Part | undefined {
  if (/^data_batch_\d/i.test(name)) return 'train';
  if (/^t10k\b/i.test(name)) return 'test';
  return splitName(name.replace(/\.\w+$/, ''))?.part;
}
