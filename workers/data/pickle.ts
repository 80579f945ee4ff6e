/**
 * A reader of Python pickles that knows the few instructions and the few NumPy types that data sets are made of, and
 * refuses the rest by name. A pickle is a program that may call anything; this one calls nothing: a "global" is looked up in
 * the short list below, and "reduce" only puts an array together from its bytes.
 *
 * Not pickleparser: it makes text of Python 2's byte strings (Windows-1252, which loses bytes), a negative length sends it
 * backwards for ever, and it writes attributes that the file names to whatever object lies on its stack.
 *
 * Sources: CPython's Lib/pickletools.py; NumPy's ndarray.__reduce_ex__.
 */

import { BadInput } from '../errors.ts';

/** Bytes, also those of a Python 2 string, are Uint8Array; lists and tuples are arrays; integers are numbers. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | NdArray
  | DType
  | Callable;

/** An array of whole numbers of 1 to 8 bytes, in C order. */
export class NdArray {
  shape: number[] = [];
  dtype: DType | undefined;
  bytes = new Uint8Array(0);
}

/** NumPy's name of a number's type without the byte order, e.g. "u1". */
export class DType {
  bigEndian = false;
  constructor(readonly code: string) {}
}

/** Something that the file may name. The only ones that there are stand in GLOBALS. */
class Callable {
  constructor(
    readonly name: string,
    readonly call: (args: PickleValue[], reader: Reader) => PickleValue,
  ) {}
}

/** What reduce may make in all, against the length of the file: text of one byte a letter, and nothing twice. */
const GROWTH = 2;
const SPARE = 1e6;

/**
 * The value that a pickle stands for.
 * @param path for messages
 * @throws BadInput naming the byte, at anything that is not on the list or does not fit together.
 */
export function readPickle(bytes: Uint8Array, path: string): PickleValue {
  return new Reader(bytes, path).run();
}

/** A dictionary's entry whose key is text or bytes. */
export function entry(value: PickleValue, name: string): PickleValue | undefined {
  if (!(value instanceof Map)) return undefined;
  return value.get(name);
}

/** Text, from Python 3's strings and Python 2's; what is longer than any name is data and stays as it is. */
export function textOf(value: PickleValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array && value.length <= MAX_LINE ? new TextDecoder().decode(value) : undefined;
}

/** The numbers of a list or of an array of one dimension. */
export function numbersOf(value: PickleValue | undefined): number[] | undefined {
  if (Array.isArray(value)) return value.every((x) => typeof x === 'number') ? value : undefined;
  if (!(value instanceof NdArray) || value.shape.length !== 1) return undefined;
  const { dtype, bytes } = value;
  const size = itemSize(dtype);
  if (dtype === undefined || size === undefined || bytes.length !== value.shape[0] * size) return undefined;
  return Array.from({ length: value.shape[0] }, (_, i) => wholeNumber(bytes.subarray(i * size, (i + 1) * size), dtype));
}

function itemSize(dtype: DType | undefined): number | undefined {
  return dtype && /^[iu][1248]$/.test(dtype.code) ? Number(dtype.code[1]) : undefined;
}

function wholeNumber(bytes: Uint8Array, dtype: DType): number {
  const little = dtype.bigEndian ? bytes.toReversed() : bytes;
  let value = 0n;
  little.forEach((byte, i) => {
    value |= BigInt(byte) << BigInt(8 * i);
  });
  return Number(dtype.code[0] === 'i' ? BigInt.asIntN(8 * bytes.length, value) : value);
}

const isBytes = (x: PickleValue | undefined): x is Uint8Array => x instanceof Uint8Array;

/** Every name that a pickle may use. Both spellings of NumPy 1 and 2. */
const GLOBALS = new Map<string, Callable>();
function allow(names: string[], call: Callable['call']): void {
  for (const name of names) GLOBALS.set(name, new Callable(name, call));
}
const numpy = (name: string) => [`numpy.core.${name}`, `numpy._core.${name}`];

allow(numpy('multiarray._reconstruct'), ([type], reader) => {
  if (!(type instanceof Callable) || type.name !== 'numpy.ndarray') reader.refuse('makes an array of an unknown kind');
  return new NdArray();
});
allow(['numpy.ndarray'], (_, reader) => reader.refuse('calls numpy.ndarray'));
allow(['numpy.dtype'], ([code], reader) => {
  const name = textOf(code)?.replace(/^[<>|=]/, '');
  if (name === undefined || !/^[iufbSUO]\d*$/.test(name)) return reader.refuse('has a NumPy type that is unknown');
  const dtype = new DType(name);
  dtype.bigEndian = textOf(code)?.startsWith('>') ?? false;
  return dtype;
});
// Protocol 5 keeps an array's bytes apart from how they are read.
allow(numpy('numeric._frombuffer'), ([bytes, dtype, shape, order], reader) => {
  if (!isBytes(bytes) || !(dtype instanceof DType)) return reader.refuse('has an array without bytes or type');
  if (textOf(order) !== 'C') return reader.refuse('has an array that is not in C order');
  return reader.fill(new NdArray(), shape, dtype, bytes);
});
// One number of an array, as in a list of labels that was made from one.
allow(numpy('multiarray.scalar'), ([dtype, bytes], reader) => {
  if (!(dtype instanceof DType) || !isBytes(bytes) || itemSize(dtype) !== bytes.length) {
    return reader.refuse('has a number that is not whole');
  }
  return wholeNumber(bytes, dtype);
});
// Python 3 writes bytes for Python 2 as text, one letter a byte.
allow(['_codecs.encode'], ([text, codec], reader) => {
  const name = textOf(codec);
  if (typeof text !== 'string' || (name !== 'latin1' && name !== 'latin-1')) {
    return reader.refuse('encodes text in a way that is unknown');
  }
  const bytes = reader.make(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return reader.refuse('has bytes above 255');
    bytes[i] = code;
  }
  return bytes;
});
allow(['__builtin__.bytes', 'builtins.bytes'], (args, reader) =>
  args.length === 0 ? reader.make(0) : reader.refuse('calls bytes with arguments'),
);

const MARK = Symbol('mark');
type Slot = PickleValue | typeof MARK;

class Reader {
  private at = 0;
  /** Where the instruction in hand began. */
  private start = 0;
  private made = 0;
  private readonly stack: Slot[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly path: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  refuse(what: string): never {
    throw new BadInput(`${this.path} cannot be read: at byte ${this.start} the pickle ${what}.`);
  }

  /** Room for bytes that the file does not have as they are; bounded, lest a small file fill the memory. */
  make(length: number): Uint8Array<ArrayBuffer> {
    this.made += length;
    if (this.made > GROWTH * this.bytes.length + SPARE) this.refuse('makes more bytes than it has');
    return new Uint8Array(length);
  }

  fill(array: NdArray, shape: PickleValue, dtype: DType, bytes: Uint8Array): NdArray {
    const sides = Array.isArray(shape) && shape.length <= MAX_DIMENSIONS ? numbersOf(shape) : undefined;
    if (sides === undefined || sides.some((n) => !Number.isSafeInteger(n) || n < 0)) {
      return this.refuse('has an array without a shape');
    }
    const size = itemSize(dtype);
    if (size !== undefined && sides.reduce((a, b) => a * b, size) !== bytes.length) {
      return this.refuse(`has an array of ${sides.join(' × ')} numbers in ${bytes.length} bytes`);
    }
    return Object.assign(array, { shape: sides, dtype, bytes });
  }

  run(): PickleValue {
    for (;;) {
      this.start = this.at;
      const code = this.byte();
      if (code === STOP) {
        const value = this.pop();
        return this.stack.length === 0 ? value : this.refuse('ends with values left over');
      }
      const step = STEPS.get(code);
      if (!step)
        this.refuse(`has the instruction 0x${code.toString(16).padStart(2, '0')}, which data sets do not need`);
      step(this);
    }
  }

  private need(length: number): number {
    const from = this.at;
    if (!(length >= 0 && length <= this.bytes.length - from)) this.refuse('ends in the middle of a value');
    this.at += length;
    return from;
  }

  byte(): number {
    return this.bytes[this.need(1)];
  }
  uint16(): number {
    return this.view.getUint16(this.need(2), true);
  }
  int32(): number {
    return this.view.getInt32(this.need(4), true);
  }
  uint32(): number {
    return this.view.getUint32(this.need(4), true);
  }
  uint64(): number {
    // Beyond 2^53 it is rounded, and longer than any file all the same.
    return Number(this.view.getBigUint64(this.need(8), true));
  }
  float64(): number {
    return this.view.getFloat64(this.need(8));
  }
  take(length: number): Uint8Array {
    const from = this.need(length);
    return this.bytes.subarray(from, from + length);
  }
  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0 || end - this.at > MAX_LINE) this.refuse('has a line without an end');
    const line = this.text(end - this.at);
    this.at += 1;
    return line;
  }
  /** A whole number of any length, two's complement, low byte first; those beyond 64 bits have no use here. */
  long(length: number): number {
    if (length > 8) this.refuse('has a number of more than 8 bytes');
    return length === 0 ? 0 : wholeNumber(this.take(length), new DType('i'));
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }
  mark(): void {
    this.stack.push(MARK);
  }
  pop(): PickleValue {
    const value = this.stack.pop();
    return value === undefined || value === MARK ? this.refuse('takes a value where there is none') : value;
  }
  top(): PickleValue {
    const value = this.stack.at(-1);
    return value === undefined || value === MARK ? this.refuse('takes a value where there is none') : value;
  }
  /** Everything above the last mark. */
  popToMark(): PickleValue[] {
    const from = this.stack.lastIndexOf(MARK);
    if (from < 0) this.refuse('goes back to a mark that was never set');
    return this.stack.splice(from).slice(1) as PickleValue[];
  }

  append(values: PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) this.refuse('appends to something that is no list');
    for (const value of values) list.push(value);
  }
  set(pairs: PickleValue[]): void {
    const map = this.top();
    if (!(map instanceof Map) || pairs.length % 2 !== 0) this.refuse('fills something that is no dictionary');
    for (let i = 0; i < pairs.length; i += 2) map.set(textOf(pairs[i]) ?? pairs[i], pairs[i + 1]);
  }

  remember(place: number): void {
    this.memo.set(place, this.top());
  }
  get memoSize(): number {
    return this.memo.size;
  }
  recall(place: number): void {
    const value = this.memo.get(place);
    if (value === undefined) this.refuse('recalls a value that it never stored');
    this.push(value);
  }

  global(module: string, name: string): void {
    const found = GLOBALS.get(`${module}.${name}`);
    const asked = `${module}.${name}`.slice(0, MAX_SHOWN).replace(/[^\x20-\x7e]/g, '?');
    this.push(found ?? this.refuse(`asks for ${asked}, which data sets do not need; nothing was run`));
  }
  reduce(): void {
    const args = this.pop();
    const callable = this.pop();
    if (!(callable instanceof Callable) || !Array.isArray(args)) this.refuse('calls something unknown');
    this.push(callable.call(args, this));
  }
  /** NumPy's __setstate__. */
  build(): void {
    const state = this.pop();
    const value = this.top();
    if (!Array.isArray(state)) this.refuse('sets the state of something unknown');
    if (value instanceof DType) {
      value.bigEndian = textOf(state[1]) === '>';
    } else if (value instanceof NdArray) {
      const [, shape, dtype, columnsFirst, bytes] = state;
      if (columnsFirst !== false && columnsFirst !== 0) this.refuse('has an array that is not in C order');
      if (!(dtype instanceof DType) || !isBytes(bytes)) this.refuse('has an array without bytes or type');
      this.fill(value, shape, dtype, bytes);
    } else this.refuse('sets the state of something unknown');
  }
}

const MAX_LINE = 1000;
const MAX_DIMENSIONS = 8;
const MAX_SHOWN = 80;
const MAX_PROTOCOL = 5;
const STOP = 0x2e;

const whole = (text: string, reader: Reader): number =>
  /^[+-]?\d{1,15}$/.test(text) ? Number(text) : reader.refuse('has a number that is none');

/** Every instruction that is understood, by its code as pickletools.py has it. */
const STEPS = new Map<number, (r: Reader) => void>([
  [0x80, (r) => r.byte() <= MAX_PROTOCOL || r.refuse('is of a newer protocol than 5')], // PROTO
  [0x95, (r) => void r.uint64()], // FRAME
  [0x28, (r) => r.mark()], // MARK
  [0x30, (r) => void r.pop()], // POP
  [0x31, (r) => void r.popToMark()], // POP_MARK

  [0x4e, (r) => r.push(null)], // NONE
  [0x88, (r) => r.push(true)], // NEWTRUE
  [0x89, (r) => r.push(false)], // NEWFALSE
  [0x49, (r) => r.push(textInt(r))], // INT
  [0x4c, (r) => r.push(whole(r.line().replace(/L$/, ''), r))], // LONG
  [0x4a, (r) => r.push(r.int32())], // BININT
  [0x4b, (r) => r.push(r.byte())], // BININT1
  [0x4d, (r) => r.push(r.uint16())], // BININT2
  [0x8a, (r) => r.push(r.long(r.byte()))], // LONG1
  [0x8b, (r) => r.push(r.long(r.uint32()))], // LONG4
  [0x47, (r) => r.push(r.float64())], // BINFLOAT

  [0x54, (r) => r.push(r.take(r.uint32()))], // BINSTRING
  [0x55, (r) => r.push(r.take(r.byte()))], // SHORT_BINSTRING
  [0x42, (r) => r.push(r.take(r.uint32()))], // BINBYTES
  [0x43, (r) => r.push(r.take(r.byte()))], // SHORT_BINBYTES
  [0x8e, (r) => r.push(r.take(r.uint64()))], // BINBYTES8
  [0x96, (r) => r.push(r.take(r.uint64()))], // BYTEARRAY8
  [0x58, (r) => r.push(r.text(r.uint32()))], // BINUNICODE
  [0x8c, (r) => r.push(r.text(r.byte()))], // SHORT_BINUNICODE
  [0x8d, (r) => r.push(r.text(r.uint64()))], // BINUNICODE8

  [0x29, (r) => r.push([])], // EMPTY_TUPLE
  [0x74, (r) => r.push(r.popToMark())], // TUPLE
  [0x85, (r) => r.push(last(r, 1))], // TUPLE1
  [0x86, (r) => r.push(last(r, 2))], // TUPLE2
  [0x87, (r) => r.push(last(r, 3))], // TUPLE3
  [0x5d, (r) => r.push([])], // EMPTY_LIST
  [0x6c, (r) => r.push(r.popToMark())], // LIST
  [0x61, (r) => r.append([r.pop()])], // APPEND
  [0x65, (r) => r.append(r.popToMark())], // APPENDS
  [0x7d, (r) => r.push(new Map())], // EMPTY_DICT
  [0x73, (r) => r.set(last(r, 2))], // SETITEM
  [0x75, (r) => r.set(r.popToMark())], // SETITEMS
  [0x64, (r) => dictionary(r)], // DICT

  [0x70, (r) => r.remember(whole(r.line(), r))], // PUT
  [0x71, (r) => r.remember(r.byte())], // BINPUT
  [0x72, (r) => r.remember(r.uint32())], // LONG_BINPUT
  [0x94, (r) => r.remember(r.memoSize)], // MEMOIZE
  [0x67, (r) => r.recall(whole(r.line(), r))], // GET
  [0x68, (r) => r.recall(r.byte())], // BINGET
  [0x6a, (r) => r.recall(r.uint32())], // LONG_BINGET

  [0x63, (r) => r.global(r.line(), r.line())], // GLOBAL
  [0x93, (r) => stackGlobal(r)], // STACK_GLOBAL
  [0x52, (r) => r.reduce()], // REDUCE
  [0x62, (r) => r.build()], // BUILD
]);

/** Protocol 0 and 1 write the truth values as numbers of two digits. */
function textInt(r: Reader): number | boolean {
  const line = r.line();
  return line === '00' || line === '01' ? line === '01' : whole(line, r);
}

function last(r: Reader, count: number): PickleValue[] {
  return Array.from({ length: count }, () => r.pop()).reverse();
}

function dictionary(r: Reader): void {
  const pairs = r.popToMark();
  r.push(new Map());
  r.set(pairs);
}

function stackGlobal(r: Reader): void {
  const [module, name] = last(r, 2);
  r.global(textOf(module) ?? '?', textOf(name) ?? '?');
}
