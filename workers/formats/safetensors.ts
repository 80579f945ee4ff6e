/**
 * The safetensors container: eight bytes of header length, a JSON header, then the tensors without a gap.
 * Source: huggingface/safetensors, README "Format". Multi-byte values are little-endian, as on every machine that
 * runs a browser, so typed arrays read them as they are.
 */

import * as v from 'valibot';
import { BadInput } from '../errors.ts';
import { bfloat16ToFloat32, float16ToFloat32, float32ToFloat16 } from './halves.ts';
import { clipped, parseJson } from './json.ts';

export interface SafeTensor {
  /** The format's own name of the number type, e.g. "F32". */
  dtype: string;
  shape: number[];
  /** Row-major; a view into the file, at any alignment. */
  bytes: Uint8Array;
}

const LENGTH_BYTES = 8;
/** The library refuses longer headers too. */
const MAX_HEADER = 100_000_000;
const ALIGNMENT = 8;

const DTYPE_BYTES = new Map([
  ['BOOL', 1],
  ['U8', 1],
  ['I8', 1],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
  ['U16', 2],
  ['I16', 2],
  ['F16', 2],
  ['BF16', 2],
  ['U32', 4],
  ['I32', 4],
  ['F32', 4],
  ['U64', 8],
  ['I64', 8],
  ['F64', 8],
]);

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.object({
  dtype: v.string(),
  shape: v.array(count),
  data_offsets: v.tuple([count, count]),
});

interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

/**
 * Every tensor of a safetensors file by name, in the file's order of data. Nothing is copied.
 * @throws BadInput if the bytes are no whole, consistent safetensors file.
 */
export function parseSafetensors(bytes: Uint8Array): Map<string, SafeTensor> {
  if (bytes.length < LENGTH_BYTES) {
    throw new BadInput(`The file is cut off: it should have at least ${LENGTH_BYTES} bytes but has ${bytes.length}.`);
  }
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true));
  if (headerLength > MAX_HEADER) {
    throw new BadInput(
      `This is not a safetensors file: it would have a header of ${headerLength} bytes, and ${MAX_HEADER} are allowed.`,
    );
  }
  const dataStart = LENGTH_BYTES + headerLength;
  if (bytes.length < dataStart) {
    throw new BadInput(`The file is cut off: it should have at least ${dataStart} bytes but has ${bytes.length}.`);
  }
  const entries = readHeader(bytes.subarray(LENGTH_BYTES, dataStart));
  const dataLength = checkLayout(entries);
  if (bytes.length < dataStart + dataLength) {
    throw new BadInput(`The file is cut off: it should have ${dataStart + dataLength} bytes but has ${bytes.length}.`);
  }
  if (bytes.length > dataStart + dataLength) {
    throw new BadInput(`The file is too long: it should have ${dataStart + dataLength} bytes but has ${bytes.length}.`);
  }
  return new Map(
    entries.map(({ name, dtype, shape, begin, end }) => [
      name,
      { dtype, shape, bytes: bytes.subarray(dataStart + begin, dataStart + end) },
    ]),
  );
}

/** The header's tensors in order of their data, each with a size that its shape and number type explain. */
function readHeader(header: Uint8Array): Entry[] {
  const json = parseJson(header, 'This is not a safetensors file: its header is not JSON.');
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new BadInput('This is not a safetensors file: its header is not a JSON object.');
  }
  const entries = Object.entries(json)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value));
  return entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
}

function readEntry(name: string, value: unknown): Entry {
  const parsed = v.safeParse(entrySchema, value, { abortEarly: true });
  if (!parsed.success) {
    throw new BadInput(`Tensor ${clipped(name)} has a header entry without a proper dtype, shape and data_offsets.`);
  }
  const { dtype, shape, data_offsets } = parsed.output;
  const [begin, end] = data_offsets;
  const size = DTYPE_BYTES.get(dtype);
  if (size === undefined) throw new BadInput(`Tensor ${clipped(name)} has the unknown number type ${clipped(dtype)}.`);
  if (end < begin) throw new BadInput(`Tensor ${clipped(name)} ends before it begins, at byte ${end} of the data.`);
  const needed = shape.reduce((a, b) => a * b, size);
  if (end - begin !== needed) {
    throw new BadInput(
      `Tensor ${clipped(name)} of type ${dtype} and shape ${shapeText(shape)} needs ${needed} bytes but has ${end - begin}.`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** Bytes of data in all, once it is sure that sorted entries follow each other without overlap or gap. */
function checkLayout(entries: Entry[]): number {
  let end = 0;
  let before = '';
  for (const entry of entries) {
    if (entry.begin < end) throw new BadInput(`Tensor ${clipped(entry.name)} overlaps tensor ${clipped(before)}.`);
    if (entry.begin > end) {
      throw new BadInput(`Tensor ${clipped(entry.name)} begins at byte ${entry.begin} of the data instead of ${end}.`);
    }
    end = entry.end;
    before = entry.name;
  }
  return end;
}

/** A shape as people write it, e.g. "[513, 64]". */
export const shapeText = (shape: readonly number[]): string => clipped(`[${shape.join(', ')}]`, '');

/**
 * The values of an F32, F16 or BF16 tensor, exactly. An aligned F32 tensor is not copied: the result then shares its
 * memory with the file, which matters at hundreds of megabytes.
 * @throws BadInput for any other number type.
 */
export function toFloat32({ dtype, bytes }: SafeTensor): Float32Array {
  switch (dtype) {
    case 'F32': {
      const [at, length] = aligned(bytes, 4);
      return new Float32Array(at.buffer, at.byteOffset, length);
    }
    case 'F16': {
      const [at, length] = aligned(bytes, 2);
      return float16ToFloat32(new Uint16Array(at.buffer, at.byteOffset, length));
    }
    case 'BF16': {
      const [at, length] = aligned(bytes, 2);
      return bfloat16ToFloat32(new Uint16Array(at.buffer, at.byteOffset, length));
    }
    default:
      throw new BadInput(`Numbers of type ${clipped(dtype)} cannot be used: F32, F16 or BF16 is needed.`);
  }
}

/** The bytes, copied only if they do not start at a multiple of size, and how many items of that size they hold. */
function aligned(bytes: Uint8Array, size: number): [Uint8Array, number] {
  return [bytes.byteOffset % size === 0 ? bytes : bytes.slice(), bytes.length / size];
}

/**
 * A safetensors file, byte for byte as the library writes it: tensors sorted by name, header padded to 8 bytes.
 * F16 rounds to nearest even and overflows to infinity.
 * @throws RangeError if a shape does not fit its data.
 */
export function writeSafetensors(
  tensors: Map<string, { shape: number[]; data: Float32Array }>,
  dtype: 'F32' | 'F16',
): Uint8Array {
  const size = dtype === 'F32' ? 4 : 2;
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  // transformers refuses a file that does not say which framework's layout it holds.
  const header: [string, unknown][] = [['__metadata__', { format: 'pt' }]];
  let end = 0;
  for (const [name, { shape, data }] of sorted) {
    if (shape.reduce((a, b) => a * b, 1) !== data.length) {
      throw new RangeError(`${name}: shape ${shapeText(shape)} does not fit ${data.length} values`);
    }
    header.push([name, { dtype, shape, data_offsets: [end, end + data.length * size] }]);
    end += data.length * size;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(json, LENGTH_BYTES);
  file.fill(' '.charCodeAt(0), LENGTH_BYTES + json.length, LENGTH_BYTES + headerLength);
  let at = LENGTH_BYTES + headerLength;
  for (const [, { data }] of sorted) {
    if (dtype === 'F32') new Float32Array(file.buffer, at, data.length).set(data);
    else new Uint16Array(file.buffer, at, data.length).set(float32ToFloat16(data));
    at += data.length * size;
  }
  return file;
}
