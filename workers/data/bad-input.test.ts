/** What goes wrong with files in the wild, and the one sentence that a person gets for it. */
import { strToU8, zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../errors.ts';
import { CIFAR_10_CLASSES } from './class-names.ts';
import type { Incoming } from './read-dataset.ts';
import { fixture, gzip, incoming, joined, pickledCifar, png, readAll, tar } from './testing.ts';

const record = (label: number) => Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? label : 200));
const shard = (...labels: number[]) => joined(labels.map(record));
const white = png(new Uint8Array(3 * 64).fill(255), 8);

const damaged = white.slice();
damaged[50] ^= 255;

/** The whole sentence, since it is all that a person sees. */
async function refusal(...files: Incoming[]): Promise<string> {
  const error = await readAll(files).then(
    () => undefined,
    (e) => e,
  );
  expect(error).toBeInstanceOf(BadInput);
  return error.message;
}

const FORMATS = 'Open CIFAR, STL-10, parquet, archives of them, or pictures in folders.';

describe('CIFAR in binary', () => {
  it('that is cut off is refused, and the record is named', async () => {
    const cut = shard(0, 1, 2, 3, 4, 5).subarray(0, 5 * 3073 + 100);
    expect(await refusal(incoming('data_batch_1.bin', cut))).toBe(
      'data_batch_1.bin is cut off: its record 5 (from 0, at byte 15365) has 100 of 3073 bytes.',
    );
  });

  it('that is cut off in an archive is refused likewise', async () => {
    const cut = shard(0, 1, 2, 3, 4, 5).subarray(0, 5 * 3073 + 100);
    expect(await refusal(incoming('c.tar.gz', await gzip(await tar({ 'c/test.bin': cut }))))).toBe(
      'c.tar.gz/c.tar/c/test.bin is cut off: its record 5 (from 0, at byte 15365) has 100 of 3073 bytes.',
    );
  });

  it('with a label 200 is refused, and the record is named', async () => {
    expect(await refusal(incoming('a.bin', shard(0, 1, 2, 200, 4)))).toBe(
      'a.bin is no CIFAR-10 file: its record 3 (from 0, at byte 9219) has the label 200, and those go from 0 to 9.',
    );
  });

  it('with a coarse label 20 is refused', async () => {
    const hundred = joined([0, 19, 20].map((c) => Uint8Array.from([c, 5, ...new Array(3072).fill(9)])));
    expect(await refusal(incoming('train.bin', hundred))).toBe(
      'train.bin is no CIFAR-100 file: its record 2 (from 0, at byte 6148) has the coarse label 20, and those go from 0 to 19.',
    );
  });
});

describe('a pickle', () => {
  const code = (...parts: (string | number[])[]) =>
    Uint8Array.from(parts.flatMap((p) => (typeof p === 'string' ? [...strToU8(p)] : p)));

  it.each<[string, Uint8Array, string]>([
    [
      'that would run a command',
      code([0x80, 2, 0x63], 'os\nsystem\n', [0x55, 7], 'echo hi', [0x85, 0x52, 0x2e]),
      'evil cannot be read: at byte 2 the pickle asks for os.system, which data sets do not need; nothing was run.',
    ],
    [
      'that would run a command, in the newer spelling',
      code([0x80, 4, 0x28, 0x8c, 8], 'builtins', [0x8c, 4], 'eval', [0x93, 0x2e]),
      'evil cannot be read: at byte 19 the pickle asks for builtins.eval, which data sets do not need; nothing was run.',
    ],
    [
      'that makes an object of a class',
      code([0x80, 2, 0x28], 'i__main__\nThing\n.'),
      'evil cannot be read: at byte 3 the pickle has the instruction 0x69, which data sets do not need.',
    ],
    [
      'that calls what it may name but not call',
      code([0x80, 2, 0x63], 'numpy\nndarray\n', [0x29, 0x52, 0x2e]),
      'evil cannot be read: at byte 18 the pickle calls numpy.ndarray.',
    ],
    [
      'that reconstructs something else than an array',
      code([0x80, 2, 0x63], 'numpy.core.multiarray\n_reconstruct\n', [0x63], 'numpy\ndtype\n', [0x85, 0x52, 0x2e]),
      'evil cannot be read: at byte 52 the pickle makes an array of an unknown kind.',
    ],
    [
      'with a length that leads backwards',
      code([0x80, 2, 0x7d, 0x42, 0xff, 0xff, 0xff, 0xff, 0x2e]),
      'evil cannot be read: at byte 3 the pickle ends in the middle of a value.',
    ],
    [
      'that goes back to no mark',
      code([0x80, 2, 0x7d, 0x75, 0x2e]),
      'evil cannot be read: at byte 3 the pickle goes back to a mark that was never set.',
    ],
    [
      'that takes from an empty stack',
      code([0x80, 2, 0x28, 0x73, 0x2e]),
      'evil cannot be read: at byte 3 the pickle takes a value where there is none.',
    ],
    [
      'that recalls what it never stored',
      code([0x80, 2, 0x7d, 0x68, 9, 0x2e]),
      'evil cannot be read: at byte 3 the pickle recalls a value that it never stored.',
    ],
    [
      'of another time',
      code([0x80, 2, 0x7d], [0x80, 6, 0x2e]),
      'evil cannot be read: at byte 3 the pickle is of a newer protocol than 5.',
    ],
    [
      'that never ends',
      code([0x80, 2, 0x7d]),
      'evil cannot be read: at byte 3 the pickle ends in the middle of a value.',
    ],
    [
      'with an empty dictionary',
      code([0x80, 2, 0x7d, 0x2e]),
      'evil is a pickle without "data": a batch of CIFAR has its pictures there.',
    ],
  ])('%s is refused', async (_, bytes, sentence) => {
    expect(await refusal(incoming('evil', bytes))).toBe(sentence);
  });

  it('cannot make a small file fill the memory', async () => {
    // One long text, and then: encode it again, and again.
    const letters = 100_000;
    const length = [letters & 255, (letters >> 8) & 255, letters >> 16, 0];
    const text = code([0x58, ...length], 'a'.repeat(letters), [0x71, 0, 0x58, 6, 0, 0, 0], 'latin1', [0x86, 0x71, 1]);
    const again = code([0x63], '_codecs\nencode\n', [0x68, 1, 0x52]);
    const bomb = joined([code([0x80, 2, 0x28]), text, ...new Array(1000).fill(again), code([0x74, 0x2e])]);
    expect(await refusal(incoming('bomb', bomb))).toMatch(
      /^bomb cannot be read: at byte \d+ the pickle makes more bytes/,
    );
  });

  it('of another shape, or with other labels, is refused', async () => {
    const pixels = new Uint8Array(2 * 3072);
    expect(await refusal(incoming('b', pickledCifar(pixels, [1, 12])))).toBe(
      'b is no CIFAR-10 file: its row 1 (from 0) has the label 12, and those go from 0 to 9.',
    );
    expect(await refusal(incoming('b', pickledCifar(pixels, [1, 2], ['data', 'labelz'])))).toBe(
      'b is a pickle without a list of labels.',
    );
  });
});

it('is fetched no further once it is found damaged', async () => {
  let fetching = true;
  const bytes = shard(...Array.from({ length: 100 }, () => 1));
  bytes[40 * 3073] = 10;
  async function* stream() {
    try {
      for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
    } finally {
      fetching = false;
    }
  }
  expect(await refusal({ path: 'a.bin', file: { size: bytes.length, stream } })).toMatch(/record 40 /);
  expect(fetching).toBe(false);
});

describe('an archive', () => {
  it.each(['../../etc/cifar.bin', 'a/../../b.bin', '..\\b.bin'])('with an entry %s is not opened', async (name) => {
    const sentence = (archive: string) =>
      `${archive} has an entry that points outside of it, "${name}", and is not opened.`;
    expect(await refusal(incoming('a.tar', await tar({ [name]: shard(1, 2) })))).toBe(sentence('a.tar'));
    expect(await refusal(incoming('a.zip', zipSync({ [name]: shard(1, 2) })))).toBe(sentence('a.zip'));
  });

  it.each(['/etc/cifar.bin', 'C:\\etc\\cifar.bin'])('with the entry %s is read from its top', async (name) => {
    for (const archive of [
      incoming('a.tar', await tar({ [name]: shard(1, 2) })),
      incoming('a.zip', zipSync({ [name]: shard(1, 2) })),
    ]) {
      const read = await readAll([archive]);
      expect([...read.labels]).toEqual([1, 2]);
      expect(read.sources).toEqual([{ name: `${archive.path}/etc/cifar.bin`, part: 'train' }]);
    }
  });

  it('that is cut off is refused', async () => {
    const noise = Uint8Array.from({ length: 3073 * 50 }, (_, i) => (i % 3073 === 0 ? 1 : (i * i * 31) >> 3));
    const plain = await tar({ 'a/data.bin': noise });
    expect(await refusal(incoming('a.tar', plain.subarray(0, 100_000)))).toBe(
      'a.tar is damaged or cut off, somewhere before byte 100000.',
    );
    const packed = await gzip(plain);
    expect(await refusal(incoming('a.tar.gz', packed.subarray(0, packed.length - 1000)))).toMatch(
      /^a\.tar\.gz is damaged or cut off: it could be unpacked up to byte \d+ at most\.$/,
    );
    const zipped = zipSync({ 'data.bin': noise });
    expect(await refusal(incoming('a.zip', zipped.subarray(0, zipped.length - 30)))).toBe(
      'a.zip is cut off: the list of its files, which stands at the end, is missing.',
    );
  });

  it('whose bytes were changed is refused', async () => {
    const zipped = zipSync({ 'data.bin': shard(1, 2, 3) }, { level: 0 });
    zipped[500] ^= 1;
    expect(await refusal(incoming('a.zip', zipped))).toBe('a.zip/data.bin is damaged: its checksum is wrong.');
    // The header of the second file; what comes after it is still on its way when this is found.
    const plain = await tar({ 'a.bin': shard(1), 'b.bin': shard(2) });
    plain[512 + 3584] ^= 1;
    expect(await refusal(incoming('a.tar', plain))).toBe(
      `a.tar is damaged or cut off, somewhere before byte ${plain.length}.`,
    );
  });

  it('that is encrypted, or packed in another way, is refused', async () => {
    const zipped = zipSync({ 'data.bin': shard(1) });
    const list = zipped.findLastIndex((_, i) => zipped[i] === 0x50 && zipped[i + 2] === 1 && zipped[i + 3] === 2);
    const encrypted = zipped.slice();
    encrypted[list + 8] |= 1;
    expect(await refusal(incoming('a.zip', encrypted))).toBe('a.zip/data.bin is encrypted, and cannot be read.');
    const other = zipped.slice();
    other[list + 10] = 14;
    expect(await refusal(incoming('a.zip', other))).toBe(
      'a.zip/data.bin is packed by method 14; only deflate can be read.',
    );
  });

  it('that is a bomb is refused before it is unpacked, or soon after', async () => {
    const zipped = zipSync({ 'data.bin': new Uint8Array(1e6) });
    const list = zipped.findLastIndex((_, i) => zipped[i] === 0x50 && zipped[i + 2] === 1 && zipped[i + 3] === 2);
    zipped.set([0, 0, 0, 16], list + 24);
    expect(await refusal(incoming('bomb.zip', zipped))).toBe(
      `bomb.zip unpacks to more than 200 times its size (at byte ${zipped.length}): it is made to fill a disk, and is not opened.`,
    );
    // The list of the archive lies about it.
    zipped.set([0, 16, 0, 0], list + 24);
    expect(await refusal(incoming('bomb.zip', zipped))).toBe('bomb.zip/data.bin is damaged or cut off, at byte 4096.');
    const zeros = new Uint8Array(101e6);
    expect(await refusal(incoming('bomb.gz', await gzip(zeros)))).toMatch(
      /^bomb\.gz unpacks to more than 200 times its size \(at byte \d+\): it is made to fill a disk, and is not opened\.$/,
    );
  });

  it('inside of archives is not opened for ever', async () => {
    let nested = zipSync({ 'data.bin': shard(1) });
    for (let i = 0; i < 3; i++) nested = zipSync({ 'next.zip': nested });
    expect(await refusal(incoming('a.zip', nested))).toBe(
      'a.zip/next.zip/next.zip/next.zip is an archive in an archive in an archive, and is not opened.',
    );
  });
});

describe('a parquet file', () => {
  const picture = (cells: unknown[], labels: number[], names?: string[]) =>
    new Uint8Array(
      parquetWriteBuffer({
        schema: [
          { name: 'root', num_children: 2 },
          { name: 'image', num_children: 1, repetition_type: 'OPTIONAL' },
          { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
          { name: 'label', type: 'INT32', repetition_type: 'OPTIONAL' },
        ],
        columnData: [
          { name: 'image', data: cells },
          { name: 'label', data: labels },
        ],
        kvMetadata: names && [
          { key: 'huggingface', value: JSON.stringify({ info: { features: { label: { names } } } }) },
        ],
      }),
    );

  it('without pictures is refused, and its columns are named', async () => {
    const text = parquetWriteBuffer({
      columnData: [
        { name: 'text', data: ['a', 'b'] },
        { name: 'n', data: [1, 2] },
      ],
    });
    expect(await refusal(incoming('train.parquet', new Uint8Array(text)))).toBe(
      'train.parquet has no column of pictures; its columns are: text, n.',
    );
  });

  it('with a bad picture, no picture or a bad label is refused, and the row is named', async () => {
    const bytes = (b: Uint8Array | undefined) => (b ? { bytes: b } : undefined);
    expect(await refusal(incoming('a.parquet', picture([bytes(white), bytes(strToU8('hello'))], [0, 1])))).toBe(
      'a.parquet, row 1 (from 0): This file is not a picture that can be read: PNG, JPEG, GIF, WebP, AVIF or BMP is needed.',
    );
    expect(await refusal(incoming('a.parquet', picture([bytes(white), undefined], [0, 1])))).toBe(
      'a.parquet, row 1 (from 0) has no picture: files that only name their pictures cannot be read.',
    );
    expect(await refusal(incoming('a.parquet', picture([bytes(white), bytes(white)], [0, 2], ['no', 'yes'])))).toBe(
      'a.parquet, row 1 (from 0) has the label 2, and labels go from 0 to 1.',
    );
  });

  it('that is cut off is refused', async () => {
    const file = picture([{ bytes: white }], [0]);
    expect(await refusal(incoming('a.parquet', file.subarray(0, file.length - 9)))).toBe(
      'a.parquet is damaged or cut off: its description cannot be read.',
    );
  });

  it('whose page has a negative length in it is refused', { timeout: 10_000 }, async () => {
    const file = fixture('snappy.parquet').slice();
    // The first page of data begins at byte 20; this is a literal of 0x9d00c1f0 bytes.
    file.set([31, 252, 240, 193, 0, 157], 20);
    expect(await refusal(incoming('a.parquet', file))).toBe(
      'a.parquet is damaged or cut off: the group from row 0 cannot be read.',
    );
  });
});

describe('files that hold no data set', () => {
  it('are refused together, and the first is named', async () => {
    const files = ['a.txt', 'b.txt', 'c.py'].map((name) => incoming(`notes/${name}`, 'To do: buy milk, and 3 eggs.'));
    expect(await refusal(...files)).toBe(
      `None of these 3 files has pictures that can be read, notes/a.txt first. ${FORMATS}`,
    );
  });

  it('are refused one by one', async () => {
    expect(await refusal(incoming('a.txt', 'To do: buy milk, and 3 eggs.'))).toBe(
      `a.txt has no pictures that can be read. ${FORMATS}`,
    );
    expect(await refusal(incoming('train_y.bin', Uint8Array.of(1, 2, 3)))).toBe(
      'train_y.bin holds labels alone: open the file with the pictures together with it.',
    );
    expect(await refusal(incoming('empty.bin'))).toBe('empty.bin is empty: it has 0 bytes.');
    expect(await refusal(incoming('empty.zip', zipSync({})))).toBe(
      `empty.zip has no pictures that can be read. ${FORMATS}`,
    );
    expect(await refusal()).toBe(`There is no file to read. ${FORMATS}`);
  });

  it('are refused where they differ in their classes', async () => {
    const hundred = joined([0, 19].map((c) => Uint8Array.from([c, 5, ...new Array(3072).fill(9)])));
    expect(await refusal(incoming('a.bin', shard(1, 2)), incoming('b.bin', hundred))).toBe(
      'b.bin has the classes of CIFAR-100, but a.bin has those of CIFAR-10: open them one after the other.',
    );
  });

  it('are refused where labels and pictures of STL-10 do not match', async () => {
    const pictures = new Uint8Array(2 * 27648).fill(255);
    const files = { 'train_X.bin': pictures, 'train_y.bin': Uint8Array.of(1, 2, 3) };
    expect(await refusal(...Object.entries(files).map(([name, bytes]) => incoming(name, bytes)))).toBe(
      'train_y.bin has 3 labels, but train_X.bin has 2 pictures.',
    );
  });

  it('are refused where all pictures are damaged', async () => {
    expect(await refusal(incoming('p/2.png', damaged))).toBe(
      'p/2.png: This PNG picture could not be decoded: it is damaged.',
    );
    expect(await refusal(incoming('p/1.png', damaged), incoming('p/2.png', damaged))).toBe(
      'None of the 2 pictures could be read, this one first: p/1.png: This PNG picture could not be decoded: it is damaged.',
    );
  });

  it('are left out where single pictures are damaged, and each is named', async () => {
    const read = await readAll([
      incoming('p/1.png', white),
      incoming('p/2.png', damaged),
      incoming('p/3.png', damaged),
    ]);
    expect(read).toMatchObject({
      count: 1,
      damaged: ['p/2.png', 'p/3.png'].map((path) => `${path}: This PNG picture could not be decoded: it is damaged.`),
    });
  });

  it('are left out where a few pictures lie beside files of many, whichever comes first', async () => {
    for (const [figure, data] of [
      ['assets/figure.png', 'data/a.parquet'],
      ['figures/figure.png', 'data/a.parquet'],
    ]) {
      const read = await readAll([incoming(figure, white), incoming(data, fixture('snappy.parquet'))]);
      expect(read).toMatchObject({ count: 3, classes: CIFAR_10_CLASSES });
      expect(read.notes).toEqual([`${figure} is left out beside ${data}: open them by themselves if they are data.`]);
    }
  });

  it('are left out where they are like a format without a signature, whichever comes first', async () => {
    for (const stray of ['a/cache.db', 'z/cache.db']) {
      const read = await readAll([
        incoming(stray, new Uint8Array(27_648).fill(200)),
        ...['cat', 'dog'].map((name) => incoming(`b/${name}/1.png`, white)),
      ]);
      expect(read).toMatchObject({ count: 2, side: 8, classes: ['cat', 'dog'] });
      expect(read.notes).toEqual([expect.stringMatching(`^${stray} is left out beside b/`)]);
    }
  });

  it('are left out where others hold pictures', async () => {
    const read = await readAll([incoming('c/a.bin', shard(1, 2)), incoming('c/b.txt', 'Prose, and a number: 7.')]);
    expect(read).toMatchObject({ count: 2, classes: CIFAR_10_CLASSES, skipped: ['c/b.txt'] });
  });

  it('are refused when they were changed after they were dropped', async () => {
    class Gone extends Blob {
      override slice(): Blob {
        return { arrayBuffer: () => Promise.reject(new Error('NotReadableError')) } as Blob;
      }
    }
    expect(await refusal({ path: 'a.bin', file: new Gone([shard(1)] as BlobPart[]) })).toBe(
      'a.bin can no longer be read: has it been changed, moved or deleted?',
    );
  });
});
