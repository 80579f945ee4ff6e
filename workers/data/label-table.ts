/**
 * Tables of labels that lie beside pictures: CSV and its kin, JSON lines, JSON, whatever their columns are called. Which
 * column names the pictures is found out by the pictures that there are; the label is the column that can be one.
 */

const MAX_LABEL = 100;
/** Rows that all have a label of their own are captions, if there are this many. */
const MANY = 20;

export interface Table {
  /** Names of the columns where the format has them; else the first row may be the header. */
  header: string[] | undefined;
  rows: string[][];
}

/** The table in a text; undefined if it is anything else. */
export function parseTable(text: string): Table | undefined {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return undefined;
  if (/^[{[]/.test(trimmed)) return jsonTable(trimmed);
  const delimiter = [/\t/, /,/, /;/, /\|/, / +/].find((d) => isRegular(trimmed, d));
  if (!delimiter) return undefined;
  return { header: undefined, rows: linesOf(trimmed).map((line) => fieldsOf(line, delimiter)) };
}

const linesOf = (text: string) => text.split(/\r\n?|\n/).filter((line) => line.trim() !== '');

/** Whether nearly all lines have as many fields as the second one, two at least. */
function isRegular(text: string, delimiter: RegExp): boolean {
  const counts = linesOf(text).map((line) => fieldsOf(line, delimiter).length);
  const usual = counts[Math.min(1, counts.length - 1)];
  return usual > 1 && counts.filter((count) => count === usual).length >= 0.9 * counts.length;
}

/** Fields may be quoted, with doubled quotes inside. */
function fieldsOf(line: string, delimiter: RegExp): string[] {
  if (!line.includes('"'))
    return line
      .trim()
      .split(delimiter)
      .map((field) => field.trim());
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    if (quoted && line[i] === '"' && line[i + 1] === '"') {
      field += '"';
      i++;
    } else if (line[i] === '"') quoted = !quoted;
    else if (!quoted && delimiter.test(line[i])) {
      fields.push(field.trim());
      field = '';
    } else field += line[i];
  }
  return [...fields, field.trim()];
}

function jsonTable(text: string): Table | undefined {
  const whole = parsed(text);
  const value = whole ?? lines(text);
  if (Array.isArray(value)) return listTable(value);
  if (value === null || typeof value !== 'object') return undefined;
  const entries = Object.entries(value);
  if (entries.length > 0 && entries.every(([, x]) => isScalar(x))) {
    // One object may be a record, or a map from file names to labels: the columns tell.
    return { header: undefined, rows: entries.map(([key, x]) => [key, textOf(x)]) };
  }
  if (entries.length > 0 && entries.every(([, x]) => isRecord(x))) {
    return listTable(entries.map(([key, x]) => ({ '': key, ...(x as object) })));
  }
  const lists = entries.flatMap(([, x]) => (Array.isArray(x) ? (listTable(x) ?? []) : []));
  return lists.length === 1 ? lists[0] : undefined;

  function lines(from: string): unknown {
    const all = linesOf(from).map(parsed);
    return all.every((one) => one !== undefined) ? all : undefined;
  }
}

function listTable(list: unknown[]): Table | undefined {
  if (list.length === 0) return undefined;
  if (list.every((row) => Array.isArray(row) && row.length > 1 && row.every(isScalar))) {
    return { header: undefined, rows: (list as unknown[][]).map((row) => row.map(textOf)) };
  }
  if (!list.every(isRecord)) return undefined;
  const records = list as Record<string, unknown>[];
  const header = [...new Set(records.flatMap((row) => Object.keys(row).filter((key) => isScalar(row[key]))))];
  return { header, rows: records.map((row) => header.map((key) => (isScalar(row[key]) ? textOf(row[key]) : ''))) };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isScalar = (x: unknown) => x === null || ['string', 'number', 'boolean'].includes(typeof x);
const isRecord = (x: unknown) => x !== null && typeof x === 'object' && !Array.isArray(x);
const textOf = (x: unknown) => (x === null ? '' : String(x));

/** What a table says: labels of pictures by number, or why it says none; undefined if it does not name the pictures. */
export type TableReading =
  | { labels: Map<number, string>; column: string | undefined; unclear: number }
  | { refused: string }
  | undefined;

/**
 * @param find the picture that a cell names: its number, 'several' if that is not clear, or undefined
 * @param known names of classes that the data set has by other means
 */
export function readTable(
  table: Table,
  find: (cell: string) => number | 'several' | undefined,
  known: ReadonlySet<string>,
): TableReading {
  const width = Math.max(...table.rows.map(({ length }) => length));
  const found = Array.from({ length: width }, (_, j) => table.rows.map((row) => (row[j] ? find(row[j]) : undefined)));
  // Labels that are numbers may be names of pictures, too, but few of them.
  const score = found.map(
    (cells, j) => new Set(table.rows.flatMap((row, i) => (cells[i] === undefined ? [] : [row[j]]))).size,
  );
  const file = score.indexOf(Math.max(...score));
  const named = found[file].filter((cell) => cell !== undefined).length;
  if (named === 0 || named < 0.5 * (table.rows.length - 1)) return undefined;

  const hasHeader = table.header === undefined && found[file][0] === undefined && table.rows.length > 1;
  const header = table.header ?? (hasHeader ? table.rows[0] : undefined);
  const rows = table.rows.slice(hasHeader ? 1 : 0);
  const numbers = found[file].slice(hasHeader ? 1 : 0);
  const label = labelColumn(rows, header, file, width, known);
  if ('refused' in label) return label;

  const labels = new Map<number, string>();
  const torn = new Set<number>();
  let unclear = 0;
  rows.forEach((row, i) => {
    const picture = numbers[i];
    const text = label.of(row);
    if (picture === undefined || text === undefined) return;
    if (picture === 'several') unclear += 1;
    else if ((labels.get(picture) ?? text) !== text) torn.add(picture);
    else labels.set(picture, text);
  });
  if (torn.size > 0 && torn.size >= 0.05 * labels.size) {
    return { refused: 'it gives several labels to one picture' };
  }
  for (const picture of torn) labels.delete(picture);
  return { labels, column: label.name, unclear: unclear + torn.size };
}

type LabelColumn = { name: string | undefined; of: (row: string[]) => string | undefined } | { refused: string };

const LABEL_NAMES = [
  /^(label|class|category|species|breed)[ _-]?names?$/i,
  /^(labels?|class|classes|category|categories|target|targets|species|breed|y|cls)$/i,
  /^(class|label|category|target)[ _-]?(id|idx|index|no|number)?$/i,
  /^fine[ _-]?labels?$/i,
  /label|class|categor|species|breed|target|diagnosis/i,
];

function labelColumn(
  rows: string[][],
  header: string[] | undefined,
  file: number,
  width: number,
  known: ReadonlySet<string>,
): LabelColumn {
  const others = Array.from({ length: width }, (_, j) => j).filter((j) => j !== file);
  const column = (j: number) => rows.flatMap((row) => labelText(row[j]) ?? []);
  const use = (j: number): LabelColumn => {
    const values = column(j);
    const distinct = new Set(values).size;
    const name = header?.[j];
    if (values.length === 0) return { refused: 'its column of labels is empty' };
    if (values.some((value) => value.length > MAX_LABEL)) return { refused: 'it has texts and not classes' };
    if (values.some((value) => /^[-+]?\d*[.]\d+(e[-+]?\d+)?$/i.test(value))) {
      return { refused: 'it has measurements and not classes' };
    }
    if (distinct === values.length && values.length > MANY)
      return { refused: 'each of its rows has a label of its own' };
    return { name, of: (row) => labelText(row[j]) };
  };

  for (const pattern of header ? LABEL_NAMES : []) {
    const j = others.find((i) => pattern.test(header![i] ?? ''));
    if (j !== undefined) return use(j);
  }
  const familiar = others.find((j) => {
    const values = column(j);
    return values.length > 0 && values.filter((value) => known.has(value)).length >= 0.5 * values.length;
  });
  if (familiar !== undefined) return use(familiar);
  if (others.length === 1) return use(others[0]);
  const oneHot = header && oneHotColumn(rows, header, others);
  if (oneHot) return oneHot;
  const texts = others.filter((j) => {
    const values = column(j);
    return (
      values.length > 0 &&
      values.every((value) => !/^[-+\d.]/.test(value)) &&
      !values.some((value) => value.includes(' '))
    );
  });
  const repeated = texts.filter((j) => new Set(column(j)).size <= 0.5 * column(j).length);
  if (repeated.length === 1) return use(repeated[0]);
  if (texts.length === 1) return use(texts[0]);
  return { refused: 'it is not clear which of its columns has the classes: call one "label"' };
}

/** One column a class, and a single 1 in each row. */
function oneHotColumn(rows: string[][], header: string[], others: number[]): LabelColumn | undefined {
  const hot = (row: string[]) => others.filter((j) => Number(row[j]) === 1);
  const columns = others.filter((j) =>
    rows.every((row) => row[j] !== '' && (Number(row[j]) === 0 || Number(row[j]) === 1)),
  );
  if (columns.length < 2 || columns.length < others.length || !rows.every((row) => hot(row).length === 1))
    return undefined;
  return { name: undefined, of: (row) => header[hot(row)[0]] };
}

/** A label as text; undefined for what stands for none. Whole numbers lose what spreadsheets add to them. */
function labelText(cell: string | undefined): string | undefined {
  const text = (cell ?? '')
    .trim()
    .normalize('NFC')
    .replace(/^(\d+)\.0+$/, '$1');
  return text === '' || /^(nan|null|none|n\/a|-1)$/i.test(text) ? undefined : text;
}
