/**
 * The part and the class of every picture that came as a file of its own: by its folder, by what stands beside it, or by its
 * name. What was not understood of labels is said.
 */

import type { Part } from './dataset.ts';
import { parseTable, readTable } from './label-table.ts';
import { splitName } from './split-words.ts';
import { type Folder, partInName, readTree } from './tree.ts';

/** A text that lies among the pictures. */
export interface BesideText extends Folder {
  /** As the person knows it. */
  path: string;
  name: string;
  text: string;
}

export interface PictureFiles {
  /** Folders that hold pictures or other files with pictures. */
  folders: Folder[];
  /** Index into `folders` of each picture. [n] */
  folderOf: number[];
  /** Names of the pictures' files. [n] */
  names: string[];
}

export interface PictureLabels {
  /** [folders] */
  parts: { part: Part; split: string | undefined }[];
  /** [n]; undefined for a picture without one. */
  classes: (string | undefined)[];
  /** Sentences on where the classes come from, and on labels that could not be used. */
  notes: string[];
  /** Paths of the texts that were read as labels. */
  used: Set<string>;
}

const PICTURE_ENDING = /\.(png|jpe?g|jfif|gif|bmp|webp|avif|ppm|pgm|pbm|tiff?)$/i;
const MAX_SIDECAR = 60;
/** Words in pictures' names that say what they are, and not what they show. */
const NO_CLASS =
  /^(img|image|images|pic|picture|photo|photos|frame|sample|file|dsc|dscn|dscf|scan|screenshot|untitled|figure|fig|page|pixel|data|id|no|nr|n|x|p|i|copy|original|output|result|tile|crop|record)$/i;

export function labelPictures(files: PictureFiles, texts: BesideText[]): PictureLabels {
  const tree = readTree(files.folders);
  const byFolder = files.folderOf.map((folder) => tree[folder].className);
  const notes: string[] = [];
  const used = new Set<string>();
  const parts = tree.map(({ part, split }) => ({ part, split }));
  const beside = readBeside(files, tree, texts, byFolder, notes, used);
  const classes = combined(byFolder, beside, notes);
  if (classes.some((name) => name !== undefined) || files.names.length === 0) return { parts, classes, notes, used };
  const named = classesInNames(
    files.names,
    files.folderOf.map((folder) => tree[folder].part),
  );
  if (named.some((name) => name !== undefined)) {
    const i = named.findIndex((name) => name !== undefined);
    notes.push(`The classes are those in the pictures' names, such as "${named[i]}" of ${files.names[i]}.`);
  }
  return { parts, classes: named, notes, used };
}

/** The labels of tables and of texts beside single pictures, by the number of the picture. */
function readBeside(
  files: PictureFiles,
  tree: { part: Part }[],
  texts: BesideText[],
  byFolder: (string | undefined)[],
  notes: string[],
  used: Set<string>,
): Map<number, string> {
  if (files.names.length === 0 || texts.length === 0) return new Map();
  const index = new PictureIndex(files, tree);
  const sidecars = new Map<number, BesideText>();
  const tables: BesideText[] = [];
  for (const text of texts) {
    const picture = index.beside(text);
    if (picture === undefined) tables.push(text);
    else if (!sidecars.has(picture)) sidecars.set(picture, text);
  }
  const labels = readSidecars(sidecars, notes, used);
  const known = new Set(byFolder.filter((name) => name !== undefined));
  for (const text of tables) {
    const table = parseTable(text.text);
    if (!table || /submission/i.test(text.name)) continue;
    const read = readTable(table, (cell) => index.find(cell, text), known);
    if (!read) {
      if (/\.(csv|tsv|jsonl|ndjson)$/i.test(text.name)) {
        notes.push(`${text.path} was not read as labels: its rows name none of these pictures.`);
      }
      continue;
    }
    // Boxes and other measures beside pictures that have their class are no loss.
    const needed = [...index.below(text)].some((picture) => byFolder[picture] === undefined && !labels.has(picture));
    if ('refused' in read) {
      if (needed) notes.push(`${text.path} was not read as labels: ${read.refused}.`);
      continue;
    }
    if (read.unclear > 0) {
      const rows = `${read.unclear.toLocaleString('en')} of its rows`;
      notes.push(`${text.path}: it is not clear which picture ${rows} mean, so their labels are left out.`);
    }
    if (read.labels.size === 0) continue;
    used.add(text.path);
    for (const [picture, label] of read.labels) if (!labels.has(picture)) labels.set(picture, label);
    const column = read.column ? `, column "${read.column}"` : '';
    notes.push(`${read.labels.size.toLocaleString('en')} labels come from ${text.path}${column}.`);
  }
  return labels;
}

/** A text of one line, or a JSON object with a label, that is called like the picture it lies beside. */
function readSidecars(sidecars: Map<number, BesideText>, notes: string[], used: Set<string>): Map<number, string> {
  const labels = new Map<number, string>();
  for (const [picture, { text }] of sidecars) {
    const label = sidecarLabel(text);
    if (label !== undefined) labels.set(picture, label);
  }
  const distinct = new Set(labels.values()).size;
  const [first] = sidecars.values();
  if (labels.size > 0 && distinct <= Math.max(2, labels.size / 2)) {
    for (const picture of labels.keys()) used.add(sidecars.get(picture)!.path);
    notes.push(
      `${labels.size.toLocaleString('en')} labels come from texts beside the pictures, such as ${first.path}.`,
    );
    return labels;
  }
  if (sidecars.size > 0) {
    const count = sidecars.size === 1 ? 'The text' : `${sidecars.size.toLocaleString('en')} texts`;
    notes.push(
      `${count} beside the pictures, such as ${first.path}, hold no labels: one short line with a class is needed.`,
    );
  }
  return new Map();
}

function sidecarLabel(text: string): string | undefined {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed.startsWith('{')) {
    try {
      const { label, class: name, cls, class_name, category } = JSON.parse(trimmed);
      const value = label ?? class_name ?? name ?? cls ?? category;
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    } catch {
      return undefined;
    }
  }
  const fits = trimmed !== '' && trimmed.length <= MAX_SIDECAR && !/[\r\n\t<>[\]]/.test(trimmed);
  return fits && !/\d\.\d/.test(trimmed) ? trimmed.normalize('NFC') : undefined;
}

/** Finds pictures by what people write for them: a name with or without its ending, with or without folders. */
class PictureIndex {
  private readonly byName = new Map<string, number[]>();

  constructor(
    private readonly files: PictureFiles,
    private readonly tree: { part: Part }[],
  ) {
    files.names.forEach((name, i) => {
      const key = keyOf(name);
      const same = this.byName.get(key);
      if (same) same.push(i);
      else this.byName.set(key, [i]);
    });
  }

  /** The picture in the same folder that a text is called like. */
  beside({ name, above, folders }: BesideText): number | undefined {
    const candidates = this.byName.get(keyOf(name.replace(/\.\w+$/, ''))) ?? [];
    return candidates.find((i) => pathOf(this.folder(i)) === pathOf({ above, folders }));
  }

  /** Pictures in the folder of a text, or further in. */
  *below(text: BesideText): Generator<number> {
    for (let i = 0; i < this.files.names.length; i++) if (isBelow(this.folder(i), text)) yield i;
  }

  find(cell: string, table: BesideText): number | 'several' | undefined {
    const steps = cell
      .normalize('NFC')
      .replaceAll('\\', '/')
      .split('/')
      .filter((step) => step !== '' && step !== '.');
    const name = steps.pop();
    const candidates = name === undefined ? undefined : this.byName.get(keyOf(name));
    if (!candidates) return undefined;
    let best = candidates.filter((i) => isBelow(this.folder(i), table));
    if (best.length === 0) best = candidates;
    if (best.length === 1) return best[0];
    // The folders that a cell names, from the innermost out: as many as fit.
    const fit = best.map((i) => fitting([...this.folder(i).above, ...this.folder(i).folders], steps));
    best = best.filter((_, i) => fit[i] === Math.max(...fit));
    const part = partInName(table.name);
    if (best.length > 1 && part) best = best.filter((i) => this.tree[this.files.folderOf[i]].part === part);
    return best.length === 1 ? best[0] : best.length === 0 ? undefined : 'several';
  }

  private folder(i: number): Folder {
    return this.files.folders[this.files.folderOf[i]];
  }
}

const keyOf = (name: string) => name.replace(PICTURE_ENDING, '').toLowerCase();
const pathOf = ({ above, folders }: Folder) => [...above, '', ...folders].join('/');

function isBelow(folder: Folder, { above, folders }: Folder): boolean {
  const [inner, outer] = [folder, { above, folders }].map((x) => [...x.above, ...x.folders]);
  return outer.every((step, i) => inner[i] === step);
}

function fitting(folders: string[], steps: string[]): number {
  let n = 0;
  while (n < steps.length && n < folders.length && steps.at(-1 - n) === folders.at(-1 - n)) n++;
  return n;
}

/** Labels of texts fill in what folders leave open; where both speak of the same pictures and differ, the texts are right. */
function combined(
  byFolder: (string | undefined)[],
  beside: Map<number, string>,
  notes: string[],
): (string | undefined)[] {
  if (beside.size === 0) return byFolder;
  const spelled = spelledLike(byFolder);
  const label = (i: number) => spelled(beside.get(i));
  const both = [...beside.keys()].filter((i) => byFolder[i] !== undefined);
  const inFolders = byFolder.filter((name) => name !== undefined).length;
  if (both.length === 0) return byFolder.map((name, i) => name ?? label(i));
  const pairs = new Map(both.map((i) => [`${byFolder[i]}\n${label(i)}`, i]));
  const folders = new Set(both.map((i) => byFolder[i]));
  const labels = new Set(both.map(label));
  const agree = pairs.size === folders.size && pairs.size === labels.size;
  if (agree || both.length < 0.5 * inFolders) {
    const names = new Map(both.map((i) => [label(i), byFolder[i]]));
    return byFolder.map((name, i) => name ?? (agree ? (names.get(label(i)) ?? label(i)) : label(i)));
  }
  const lost = byFolder.filter((name, i) => name !== undefined && !beside.has(i)).length;
  if (lost > 0) {
    notes.push(
      `${lost.toLocaleString('en')} pictures without a row in the tables have no class: their folders are none.`,
    );
  }
  return byFolder.map((_, i) => label(i));
}

/** Folders "00000", "00001" and labels "0", "1" are the same classes. */
function spelledLike(byFolder: (string | undefined)[]): (label: string | undefined) => string | undefined {
  const names = new Set(byFolder.filter((name) => name !== undefined));
  const numbers = new Map([...names].filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), name]));
  return (label) => {
    if (label === undefined || names.has(label) || !/^\d+$/.test(label)) return label;
    return numbers.get(Number(label)) ?? label;
  };
}

/**
 * The classes in the names of pictures that no folder and no table tells apart: "cat.0", "great_pyrenees_12" or "17-cat".
 * All pictures of a part must have one, two classes at least, and two pictures a class on average.
 */
export function classesInNames(names: string[], parts: Part[]): (string | undefined)[] {
  const stems = names.map((name) => name.replace(/\.\w+$/, ''));
  for (const pattern of [/^(\p{L}[\p{L}\p{N}_ -]*?)[._ -]*\(?\d+\)?$/u, /^\d+[._ -]+(\p{L}[\p{L}_ -]*)$/u]) {
    const found = stems.map((stem) => nameIn(pattern.exec(stem)?.[1]));
    const whole = (['train', 'test'] as const).filter(
      (part) => parts.includes(part) && found.every((name, i) => parts[i] !== part || name !== undefined),
    );
    const classes = found.map((name, i) => (whole.includes(parts[i]) ? name : undefined));
    const given = classes.filter((name) => name !== undefined);
    const distinct = new Set(given).size;
    if (distinct >= 2 && given.length >= 2 * distinct) return classes;
  }
  return names.map(() => undefined);
}

/** Without split words; undefined for what is no class. */
function nameIn(found: string | undefined): string | undefined {
  if (found === undefined) return undefined;
  const tokens = found.split(/([._ -]+)/).filter((token) => !/^[._ -]+$/.test(token) && splitName(token) === undefined);
  const name = tokens.join('_');
  return name === '' || tokens.every((token) => NO_CLASS.test(token) || /^\d+$/.test(token)) ? undefined : name;
}
