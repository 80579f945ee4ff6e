import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../errors.ts';
import { parseSafetensors, toFloat32, writeSafetensors } from './safetensors.ts';

/** A file with this header, padded or not, and this much data. */
function file(header: unknown, dataLength: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  for (let i = 0; i < dataLength; i++) bytes[8 + json.length + i] = i;
  return bytes;
}
const entry = (dtype: string, shape: unknown, ...data_offsets: unknown[]) => ({ dtype, shape, data_offsets });

function sentence(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
  return 'nothing was thrown';
}
const refusal = (header: unknown, dataLength: number) => sentence(() => parseSafetensors(file(header, dataLength)));

const small = () =>
  writeSafetensors(
    new Map([
      ['b.weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-40, 5) }],
      ['a', { shape: [2], data: Float32Array.of(7, 8) }],
      ['scalar', { shape: [], data: Float32Array.of(9) }],
    ]),
    'F32',
  );

describe('what is written', () => {
  it('reads back to the bit, and starts its data at a multiple of 8', () => {
    const bytes = small();
    const tensors = parseSafetensors(bytes);
    expect([...tensors.keys()]).toEqual(['a', 'b.weight', 'scalar']);
    expect(tensors.get('b.weight')?.shape).toEqual([2, 3]);
    expect(toFloat32(tensors.get('b.weight')!)).toEqual(Float32Array.of(1, -2, 3.5, 0, 1e-40, 5));
    expect(toFloat32(tensors.get('scalar')!)).toEqual(Float32Array.of(9));
    expect(tensors.get('a')!.bytes.byteOffset % 8).toBe(0);
  });

  it('comes back rounded to nearest even from F16', () => {
    const data = Float32Array.of(1 + 2 ** -11, 2 ** -24, -65504);
    const tensors = parseSafetensors(writeSafetensors(new Map([['x', { shape: [3], data }]]), 'F16'));
    expect(tensors.get('x')?.dtype).toBe('F16');
    expect(toFloat32(tensors.get('x')!)).toEqual(Float32Array.of(1, 2 ** -24, -65504));
  });

  it('refuses data that does not fit its shape', () => {
    expect(() => writeSafetensors(new Map([['x', { shape: [2], data: new Float32Array(3) }]]), 'F32')).toThrow(
      RangeError,
    );
  });

  it.each([
    ['F32', 'classes-2x24x2'],
    ['F16', 'f16-2x32x4'],
  ] as const)('is byte for byte what the library writes in %s', (dtype, model) => {
    const bytes = new Uint8Array(readFileSync(`workers/igpt/fixtures/${model}/model.safetensors`));
    const tensors = [...parseSafetensors(bytes)].map(
      ([name, t]) => [name, { shape: t.shape, data: toFloat32(t) }] as const,
    );
    expect(Buffer.compare(writeSafetensors(new Map(tensors), dtype), bytes)).toBe(0);
  });
});

describe('what is read', () => {
  it('may lie at any alignment', () => {
    for (const dtype of ['F32', 'F16', 'BF16']) {
      const size = dtype === 'F32' ? 4 : 2;
      const header = { odd: entry('U8', [1], 0, 1), x: entry(dtype, [4], 1, 1 + 4 * size) };
      const plain = file({ x: entry(dtype, [4], 0, 4 * size) }, 4 * size + 1);
      const expected = toFloat32({ dtype, shape: [4], bytes: plain.slice(plain.length - 4 * size) });
      for (let shift = 0; shift < 4; shift++) {
        const bytes = file(header, 1 + 4 * size);
        const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
        shifted.set(bytes);
        expect(toFloat32(parseSafetensors(shifted).get('x')!)).toEqual(expected);
      }
    }
  });

  it('may be empty, and may have tensors without values', () => {
    expect(parseSafetensors(file({}, 0)).size).toBe(0);
    expect(parseSafetensors(file({ none: entry('F32', [0, 5], 0, 0) }, 0)).get('none')?.bytes.length).toBe(0);
  });

  it('keeps tensors whose names JavaScript uses itself', () => {
    const header =
      '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"constructor":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}';
    expect([...parseSafetensors(file(header, 2)).keys()]).toEqual(['__proto__', 'constructor']);
  });

  it('is refused as numbers if it is none of the three float types', () => {
    expect(sentence(() => toFloat32({ dtype: 'I64', shape: [1], bytes: new Uint8Array(8) }))).toBe(
      'Numbers of type "I64" cannot be used: F32, F16 or BF16 is needed.',
    );
  });
});

describe('a file that is refused', () => {
  it('says that it is cut off, wherever that happened', () => {
    const bytes = small();
    const n = bytes.length;
    for (let length = 0; length < n; length++) {
      expect(sentence(() => parseSafetensors(bytes.subarray(0, length)))).toMatch(
        new RegExp(`^The file is cut off: it should have (at least )?\\d+ bytes but has ${length}\\.$`),
      );
    }
    expect(sentence(() => parseSafetensors(bytes.subarray(0, n - 1)))).toBe(
      `The file is cut off: it should have ${n} bytes but has ${n - 1}.`,
    );
    expect(sentence(() => parseSafetensors(bytes.subarray(0, 7)))).toContain('at least 8 bytes but has 7.');
  });

  it('says that it is too long', () => {
    expect(refusal({ x: entry('U8', [2], 0, 2) }, 3)).toMatch(
      /^The file is too long: it should have \d+ bytes but has \d+\.$/,
    );
  });

  it('says that it is another kind of file', () => {
    const html = new TextEncoder().encode('<!doctype html><title>Not found</title>');
    expect(sentence(() => parseSafetensors(html))).toMatch(
      /^This is not a safetensors file: it would have a header of/,
    );
    expect(refusal('{"x":', 0)).toBe('This is not a safetensors file: its header is not JSON.');
    for (const json of ['[]', 'null', '3', '"x"']) {
      expect(refusal(json, 0)).toBe('This is not a safetensors file: its header is not a JSON object.');
    }
    const notText = file('{}', 0);
    notText[8] = 0xff;
    expect(sentence(() => parseSafetensors(notText))).toBe('This is not a safetensors file: its header is not JSON.');
  });

  it('names the tensor and what is wrong with it', () => {
    const improper = 'Tensor "x" has a header entry without a proper dtype, shape and data_offsets.';
    for (const bad of [
      null,
      3,
      {},
      { dtype: 'F32', shape: [1] },
      entry('F32', 'x', 0, 4),
      entry('F32', [-1], 0, 4),
      entry('F32', [0.5], 0, 2),
      entry('F32', [1], 0),
      entry('F32', [1], -4, 0),
      entry('F32', [1], 0, 1e300),
      entry('F32', [1], '0', '4'),
    ]) {
      expect(refusal({ x: bad }, 4)).toBe(improper);
    }
    expect(refusal({ x: entry('F7', [1], 0, 4) }, 4)).toBe('Tensor "x" has the unknown number type "F7".');
    expect(refusal({ x: entry('F32', [1], 4, 0) }, 4)).toBe('Tensor "x" ends before it begins, at byte 0 of the data.');
    expect(refusal({ x: entry('F32', [3], 0, 8) }, 8)).toBe(
      'Tensor "x" of type F32 and shape [3] needs 12 bytes but has 8.',
    );
    expect(refusal({ x: entry('F32', [2 ** 40, 2 ** 40, 0], 0, 4) }, 4)).toContain('needs 0 bytes but has 4.');
    expect(refusal({ a: entry('U8', [4], 0, 4), b: entry('U8', [4], 3, 7) }, 7)).toBe(
      'Tensor "b" overlaps tensor "a".',
    );
    expect(refusal({ a: entry('U8', [4], 0, 4), b: entry('U8', [4], 0, 4) }, 4)).toContain('overlaps');
    expect(refusal({ a: entry('U8', [4], 0, 4), b: entry('U8', [1], 5, 6) }, 6)).toBe(
      'Tensor "b" begins at byte 5 of the data instead of 4.',
    );
  });

  it('is not quoted at length', () => {
    expect(refusal({ ['x'.repeat(1e5)]: 3 }, 0).length).toBeLessThan(300);
  });
});

describe('any damage', () => {
  const reads = (bytes: Uint8Array) => {
    for (const t of parseSafetensors(bytes).values()) if (t.dtype === 'F32') toFloat32(t);
  };
  const onlyBadInput = (bytes: Uint8Array) => {
    try {
      reads(bytes);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
    }
  };

  it('to the bytes of a file is at worst a BadInput', () => {
    const bytes = small();
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(edits, fc.nat(bytes.length), (edits, length) => {
        const mutated = bytes.slice(0, length < 8 ? undefined : length);
        for (const [at, byte] of edits) if (at < mutated.length) mutated[at] = byte;
        onlyBadInput(mutated);
      }),
      { numRuns: 5000 },
    );
  });

  it('to the header of a file is at worst a BadInput', () => {
    const any = fc.jsonValue({ maxDepth: 2 });
    const number = fc.oneof(fc.nat(40), fc.double(), fc.maxSafeInteger());
    const tensor = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'F16', 'U8', 'BOOL'), fc.string()),
        shape: fc.oneof(fc.array(number, { maxLength: 4 }), any),
        data_offsets: fc.oneof(fc.tuple(number, number), any),
      },
      { requiredKeys: [] },
    );
    const header = fc.oneof(fc.dictionary(fc.string(), fc.oneof({ weight: 4, arbitrary: tensor }, any)), any);
    fc.assert(
      fc.property(header, fc.nat(64), (header, length) => onlyBadInput(file(header, length))),
      { numRuns: 5000 },
    );
  });
});
