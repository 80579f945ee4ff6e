/**
 * Which folders of a tree say what their pictures are for: training, or test and validation. A name alone does not decide:
 * "train" beside "bus" is a class, "valid" beside "invalid" too, and "seg_train" is a split because there is a "seg_test".
 */

import type { Part } from './dataset.ts';

/** Words for data to learn from and for data that is held back. A validation part counts as held back. */
const WORDS: Record<string, Part> = {
  ...Object.fromEntries(['train', 'training'].map((word) => [word, 'train' as const])),
  ...Object.fromEntries(
    ['test', 'testing', 'tst', 'val', 'valid', 'validation', 'validate', 'eval', 'evaluation', 'dev', 'holdout'].map(
      (word) => [word, 'test' as const],
    ),
  ),
};
/** Words that are names of other things as well: each needs its counterpart beside it. */
const NEEDS_COUNTERPART = ['dev', 'tst', 'holdout'];
/** What may stand around a split word without changing what it says. */
const FILLER =
  /^(the|set|sets|data|dataset|image|images|img|imgs|picture|pictures|pic|pics|photo|photos|sample|samples|split|part|folder|batch|shard|final)$/;

export interface SplitName {
  part: Part;
  /** The split word itself. */
  word: string;
  /** The name without the split word and what says nothing, e.g. "seg" for "seg_test". */
  rest: string;
}

/** The split word in a name and what is left of the name; undefined if there is none, or there are several. */
export function splitName(name: string): SplitName | undefined {
  const tokens = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}]+/u)
    .filter((token) => token !== '');
  const found = tokens.map((token) => wordOf(token.toLowerCase()));
  const at = found.findIndex((word) => word !== undefined);
  if (at < 0 || found.filter((word) => word !== undefined).length > 1) return undefined;
  const word = found[at]!;
  const rest = tokens.filter((token, i) => i !== at && !FILLER.test(token.toLowerCase()));
  return { part: WORDS[word], word, rest: rest.join('_') };
}

/** "train" of "train" and "trainset". */
function wordOf(token: string): string | undefined {
  if (Object.hasOwn(WORDS, token)) return token;
  const glued = /^(\p{L}+?)(set|data|images|imgs)$/u.exec(token)?.[1];
  return glued !== undefined && Object.hasOwn(WORDS, glued) ? glued : undefined;
}

/** A folder among the folders that lie beside it. */
export interface Sibling {
  name: string;
  /** Whether it has folders with pictures in it, and not only pictures. */
  deep: boolean;
}

/**
 * The splits among folders that lie beside each other.
 * @param inSplit whether a folder around them is a split already
 */
export function splitsAmong(siblings: Sibling[], inSplit: boolean): Map<string, SplitName> {
  const named = siblings.flatMap(({ name, deep }) => {
    const split = splitName(name);
    return split ? [{ name, deep, split }] : [];
  });
  const groups = new Map<string, typeof named>();
  for (const one of named) {
    const rest = one.split.rest.toLowerCase();
    groups.set(rest, [...(groups.get(rest) ?? []), one]);
  }
  const others = siblings.filter(({ name }) => !named.some((one) => one.name === name));
  const splits = new Map<string, SplitName>();
  for (const [rest, group] of groups) {
    const parts = new Set(group.map(({ split }) => split.part));
    // Classes inside of a split may be called "train" and "dev" among others that look the same.
    const classes =
      inSplit && others.length > 0 && group.every(({ deep }) => others.some((other) => other.deep === deep));
    if (classes) continue;
    if (parts.size === 2 || (rest === '' && isSplitAlone(group, others, inSplit))) {
      for (const { name, split } of group) splits.set(name, split);
    }
  }
  return splits;
}

/** Folders that are all for training or all held back: whether that is what their names mean. */
function isSplitAlone(group: (Sibling & { split: SplitName })[], others: Sibling[], inSplit: boolean): boolean {
  if (group.every(({ split }) => NEEDS_COUNTERPART.includes(split.word))) return false;
  if (others.length === 0) return true;
  if (inSplit) return false;
  // "train" is a vehicle and "valid" a verdict where the folders beside them look the same.
  const ambiguous = group.every(({ split }) => split.word === 'train' || split.word === 'valid');
  return !ambiguous || group.every(({ deep }) => others.every((other) => other.deep !== deep));
}
