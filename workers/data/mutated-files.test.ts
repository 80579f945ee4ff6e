/**
 * Twenty thousand damaged files for every reader: each is read or refused with a sentence, none crashes it, hangs it or makes
 * it take more memory than a tab has.
 */
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { evenDouble, runsOf } from '../../tools/arbitraries.ts';
import { BadInput } from '../errors.ts';
import { readDataset } from './read-dataset.ts';
import { fixture, gzip, joined, pickledCifar, png, SMALL_PNGS, tar } from './testing.ts';

const RUNS = runsOf(20_000);
/** Grown by any reader over what the process had before. */
const MEMORY_LIMIT = 400e6;

const noise = (length: number) => Uint8Array.from({ length }, (_, i) => Math.imul(i ^ (i >> 7), 2654435761) >>> 24);
const records = (...heads: number[][]) => joined(heads.map((head) => Uint8Array.from([...head, ...noise(3072)])));

interface Edit {
  what: 'flip' | 'set' | 'cut' | 'repeat' | 'remove' | 'number';
  /** In parts of the file's length. Most things that matter stand at the ends. */
  at: number;
  value: number;
}

const place = fc.oneof(
  evenDouble({ min: 0, max: 1 }),
  evenDouble({ min: 0, max: 0.05 }),
  evenDouble({ min: 0.95, max: 1 }),
);
/** Names of classes without a picture: the only seed that is no data set. */
const meta = fixture('meta-python2.pickle');

const edit: fc.Arbitrary<Edit> = fc.record({
  what: fc.constantFrom('flip', 'set', 'cut', 'repeat', 'remove', 'number'),
  at: place,
  value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat(255)),
});

function edited(seed: Uint8Array, edits: Edit[]): Uint8Array {
  let bytes: Uint8Array = seed.slice();
  for (const { what, at: part, value } of edits) {
    const at = Math.floor(part * bytes.length);
    if (what === 'flip') bytes[at] ^= 1 << (value & 7);
    if (what === 'set') bytes[at] = value;
    if (what === 'cut') bytes = bytes.slice(0, at);
    if (what === 'repeat') bytes = joined([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - (value & 255)))]);
    if (what === 'remove') bytes = joined([bytes.subarray(0, at), bytes.subarray(at + (value & 255))]);
    if (what === 'number' && at + 4 <= bytes.length)
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, (value & 1) === 0);
  }
  return bytes;
}

/** What is read has as many labels as pictures; what is refused has a sentence. */
async function readOrRefuse(bytes: Uint8Array): Promise<'read' | 'refused'> {
  let pixels = 0;
  try {
    const files = [{ path: 'file', file: new Blob([bytes as BlobPart]) }];
    const head = await readDataset(files, async (block) => {
      pixels += block.length;
    });
    if (pixels !== head.count * head.side ** 2 * 3 || head.labels.length !== head.count)
      throw new Error('wrong counts');
    if (head.classes.length > 0 && head.labels.some((label) => label >= head.classes.length))
      throw new Error('no class');
    return 'read';
  } catch (error) {
    if (!(error instanceof BadInput) || !/^file.*\.$/s.test(error.message)) throw error;
    return 'refused';
  }
}

let seeds: Record<string, Uint8Array[]>;

beforeAll(async () => {
  const cifar10 = records([1], [2], [9], [0]);
  const small = png(noise(3 * 64), 8);
  const rgba = new PNG({ width: 5, height: 7 });
  rgba.data.set(noise(140));
  const grey = PNG.sync.write(rgba, { colorType: 0 });
  const inside = { 'train/a/1.png': small, 'train/b/2.png': grey, 'test/a/a_name_that_is_long.png': small };
  const archived = await tar({ ...inside, ['x'.repeat(120)]: small });
  seeds = {
    'CIFAR-10 in binary': [cifar10],
    'CIFAR-100 in binary': [records([1, 3], [0, 99], [19, 50], [7, 7])],
    pickles: [
      ...['python2', 'numpy1-protocol2', 'numpy2-protocol5'].map((name) => fixture(`cifar-${name}.pickle`)),
      meta,
      pickledCifar(noise(3072), [4]),
    ],
    tar: [archived],
    'tar.gz': [await gzip(archived)],
    zip: [zipSync(inside, { level: 6 }), zipSync(inside, { level: 0 })],
    'STL-10 in binary': [await tar({ 'train_X.bin': noise(27_648), 'train_y.bin': Uint8Array.of(3) })],
    parquet: ['snappy', 'zstd', 'gzip'].map((name) => fixture(`${name}.parquet`)),
    pictures: [small, new Uint8Array(grey), new Uint8Array(PNG.sync.write(rgba)), SMALL_PNGS.palette, SMALL_PNGS.bits],
  };
});

describe.each([
  'CIFAR-10 in binary',
  'CIFAR-100 in binary',
  'pickles',
  'tar',
  'tar.gz',
  'zip',
  'STL-10 in binary',
  'parquet',
  'pictures',
])('%s', (name) => {
  it(`is read or refused, ${RUNS} times`, { timeout: 300_000 }, async () => {
    const before = process.memoryUsage().rss;
    let most = 0;
    let runs = 0;
    const outcomes = { read: 0, refused: 0 };
    const files = seeds[name];
    for (const seed of files) expect(await readOrRefuse(seed)).toBe(seed === meta ? 'refused' : 'read');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(files.length - 1),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        async (seed, edits) => {
          outcomes[await readOrRefuse(edited(files[seed], edits))] += 1;
          if (++runs % 50 === 0) most = Math.max(most, process.memoryUsage().rss);
        },
      ),
      { numRuns: RUNS },
    );
    expect(runs).toBeGreaterThanOrEqual(RUNS);
    expect(outcomes.refused).toBeGreaterThan(RUNS / 20);
    expect(most - before).toBeLessThan(MEMORY_LIMIT);
  });
});
