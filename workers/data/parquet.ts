/**
 * Hugging Face's parquet files of pictures: a column {bytes, path} of PNG or JPEG files, a column of whole numbers for the
 * labels, and the classes' names in the metadata "huggingface". Source: datasets 4, features/image.py and arrow_writer.py.
 */

import type { FileMetaData, RowGroup, SchemaElement, SchemaTree } from 'hyparquet';
import * as v from 'valibot';
import { Aborted, BadInput } from '../errors.ts';
import { UNLABELLED } from './dataset.ts';
import { decodePicture, type Pixels } from './decode.ts';
import { type Meter, readAt, type Source } from './source.ts';

/** Rows are read by the group, so a group has to fit into memory. Packed pictures hardly shrink. */
const MAX_GROUP = 300e6;
const MAX_FOOTER = 32e6;
const MAX_CLASSES = 10_000;
const LABEL_COLUMNS = ['label', 'fine_label', 'labels', 'fine_labels', 'class', 'target', 'category'];

export interface ParquetPictures {
  /** Empty if the file does not say. */
  classes: string[];
  /** The column of the labels, e.g. "fine_label". */
  column: string | undefined;
  pictures: AsyncGenerator<Pixels & { label: number }>;
}

export function isParquet(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 4)) === 'PAR1';
}

/** @throws BadInput, also while the pictures are read, naming the row. */
export async function readParquet(source: Source, meter: Meter): Promise<ParquetPictures> {
  const { path } = source;
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  const blob = await source.blob();
  const bytesOf = async (from: number, to: number) => {
    // Offsets are the file's own words.
    if (!(Number.isInteger(from) && from >= 0 && from <= to && to <= blob.size)) throw new Error('no such bytes');
    const bytes = await readAt(blob, from, to, path);
    meter.add(bytes.length);
    return bytes.buffer as ArrayBuffer;
  };
  const file = {
    byteLength: blob.size,
    slice: (from: number, to: number = blob.size) => {
      const read = bytesOf(from, to);
      // The parser starts reads ahead, and forgets those under way when another one fails.
      read.catch(() => undefined);
      return read;
    },
  };
  const metadata = await explained(path, 'its description', async () => {
    const tail = new DataView(await file.slice(Math.max(0, blob.size - 8)));
    if (tail.byteLength < 8 || tail.getUint32(4) !== 0x50415231) throw new Error('no end');
    const footer = tail.getUint32(0, true);
    if (footer > MAX_FOOTER || footer + 8 > blob.size) throw new Error('no footer');
    return parquetMetadataAsync(file, { geoparquet: false });
  });
  const columns = await explained(path, 'its description', async () => parquetSchema(metadata).children);
  const pictureColumn = columns.find(isPictureColumn)?.element.name;
  if (pictureColumn === undefined) {
    const names = columns.slice(0, 10).map(({ element }) => String(element.name).slice(0, 40));
    throw new BadInput(`${path} has no column of pictures; its columns are: ${names.join(', ')}.`);
  }
  const features = classNames(metadata);
  const column = labelColumn(columns.map(({ element }) => element).filter(isWhole), features);
  const classes = features.get(column ?? '') ?? [];
  return {
    classes,
    column,
    pictures: rows(file, metadata, { path, picture: pictureColumn, label: column, classes: classes.length }),
  };
}

/** A group of `bytes` in binary; `path`, the file's former name, may stand beside it. */
function isPictureColumn({ children }: SchemaTree): boolean {
  return children.some(({ element }) => element.name === 'bytes' && element.type === 'BYTE_ARRAY');
}

/** Whole numbers; pandas writes them as doubles where some are missing. */
function isWhole({ type, name }: SchemaElement): boolean {
  return type === 'INT32' || type === 'INT64' || (type === 'DOUBLE' && LABEL_COLUMNS.includes(name));
}

/** Of several, the finer one: CIFAR-100 has both fine_label and coarse_label. */
function labelColumn(whole: SchemaElement[], features: Map<string, string[]>): string | undefined {
  const names = whole.map(({ name }) => name);
  const known = LABEL_COLUMNS.find((name) => names.includes(name));
  return known ?? names.find((name) => features.has(name)) ?? names.find((name) => /label/i.test(name));
}

const Features = v.object({
  info: v.object({ features: v.record(v.string(), v.looseObject({ names: v.optional(v.array(v.string())) })) }),
});

/** Classes by column. What is missing or in another form gives none: the numbers are labels enough. */
function classNames({ key_value_metadata }: FileMetaData): Map<string, string[]> {
  const text = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  const parsed = v.safeParse(Features, parsedOrNull(text ?? ''));
  if (!parsed.success) return new Map();
  const named = Object.entries(parsed.output.info.features).map(
    ([column, { names }]) => [column, names ?? []] as const,
  );
  return new Map(named.filter(([, names]) => names.length > 0 && names.length <= MAX_CLASSES));
}

function parsedOrNull(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

interface Wanted {
  path: string;
  picture: string;
  label: string | undefined;
  /** How many there are by name; 0 if any whole number will do. */
  classes: number;
}

type File = { byteLength: number; slice(from: number, to?: number): Promise<ArrayBuffer> };

async function* rows(file: File, metadata: FileMetaData, wanted: Wanted): ParquetPictures['pictures'] {
  const { parquetReadObjects, parquetSchema } = await import('hyparquet');
  // Snappy too: hyparquet's own goes on for ever at a negative length.
  const { compressors } = await import('hyparquet-compressors');
  const schema = parquetSchema(metadata);
  const columns = wanted.label === undefined ? [wanted.picture] : [wanted.picture, wanted.label];
  let first = 0;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    checkGroup(group, columns, file.byteLength, first, wanted.path);
    await explained(wanted.path, `the group from row ${first}`, async () => checkPaths(group, columns, schema));
    const read = await explained(wanted.path, `the group from row ${first}`, async () =>
      parquetReadObjects({
        file,
        metadata,
        columns,
        rowStart: first,
        rowEnd: first + count,
        utf8: false,
        compressors,
      }),
    );
    if (read.length !== count) throw new BadInput(`${wanted.path} is damaged: row ${first + read.length} is missing.`);
    for (const [i, row] of read.entries()) yield await picture(row, first + i, wanted);
    first += count;
  }
}

/** The reader makes room for what the file announces, so that is looked at first. */
function checkGroup(group: RowGroup, columns: string[], fileBytes: number, first: number, path: string): void {
  let bytes = 0;
  for (const { meta_data } of group.columns) {
    if (!meta_data || !columns.includes(meta_data.path_in_schema[0])) continue;
    if (Number(meta_data.total_compressed_size) > fileBytes || meta_data.num_values > group.num_rows) {
      throw new BadInput(`${path} is damaged: the group from row ${first} is longer than the file.`);
    }
    bytes += Number(meta_data.total_uncompressed_size);
  }
  // A row needs at least a bit in some page, and pages hardly shrink more than this.
  if (!(Number(group.num_rows) <= 1000 * fileBytes)) throw new BadInput(`${path} is damaged: it has too many rows.`);
  if (!(bytes <= MAX_GROUP)) {
    throw new BadInput(
      `${path} has ${Math.round(bytes / 1e6)} MB in the group from row ${first}; groups of at most ${MAX_GROUP / 1e6} MB can be read.`,
    );
  }
}

/**
 * The reader starts to read the columns of a group one after the other. It would leave those that it has started to
 * themselves where a later one is not in the schema, or is there a second time.
 * @throws Error if that is so
 */
function checkPaths(group: RowGroup, columns: string[], schema: SchemaTree): void {
  const seen = new Set<string>();
  for (const { meta_data } of group.columns) {
    const path = meta_data?.path_in_schema ?? [];
    if (!columns.includes(path[0])) continue;
    const key = JSON.stringify(path);
    if (seen.has(key)) throw new Error('a column twice');
    seen.add(key);
    let at: SchemaTree | undefined = schema;
    for (const name of path) at = at?.children.find(({ element }) => element.name === name);
    if (!at) throw new Error('a column that is not in the schema');
  }
}

const Cell = v.object({ bytes: v.instance(Uint8Array) });

async function picture(row: Record<string, unknown>, at: number, wanted: Wanted): Promise<Pixels & { label: number }> {
  const where = `${wanted.path}, row ${at} (from 0)`;
  const cell = v.safeParse(Cell, row[wanted.picture]);
  if (!cell.success) throw new BadInput(`${where} has no picture: files that only name their pictures cannot be read.`);
  const pixels = await decodePicture(cell.output.bytes, where);
  return { ...pixels, label: labelOf(wanted.label === undefined ? null : row[wanted.label], where, wanted.classes) };
}

/** Hugging Face writes -1 for a hidden label. */
function labelOf(value: unknown, where: string, classes: number): number {
  if (value === null || value === undefined || Number.isNaN(value)) return UNLABELLED;
  const label = Number(value);
  if (label === UNLABELLED) return label;
  const most = classes > 0 ? classes : MAX_CLASSES;
  if (!(Number.isInteger(label) && label >= 0 && label < most)) {
    throw new BadInput(`${where} has the label ${String(value)}, and labels go from 0 to ${most - 1}.`);
  }
  return label;
}

/** The parser's own errors speak of thrift and pages. */
async function explained<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadInput || error instanceof Aborted) throw error;
    throw new BadInput(`${path} is damaged or cut off: ${what} cannot be read.`);
  }
}
