import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, it } from 'vitest';
import { CIFAR10_NAMES, type Cifar10Name } from '../../tools/cifar10.ts';
import { writeCifar10 } from './cifar.ts';
import { CIFAR_10_CLASSES, CIFAR_100_CLASSES, STL_10_CLASSES } from './class-names.ts';
import { fromRowPlanes } from './planes.ts';
import { fixture, gzip, incoming, joined, officialCifar, pickledCifar, png, readAll, tar } from './testing.ts';

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

describe('the six official files of CIFAR-10', { tags: ['cifar10'] }, () => {
  const MD5: Record<Cifar10Name, string> = {
    data_batch_1: '5dd7e06a14cb22eb9f671a540d1b7c25',
    data_batch_2: '5ea93a67294ea407fff1d09f752e9692',
    data_batch_3: '942cd6a4bcdd0dd3c604fbe906cb4421',
    data_batch_4: 'ae636b3ba5c66a11e91e8cb52e771fcb',
    data_batch_5: '53f37980c15c3d472c316c40844f3f0d',
    test_batch: '803d5f7f4d78ea53de84dbe85f74fb6d',
  };

  it('are one data set whose shards come out again to the byte', async () => {
    const bytes = await Promise.all(CIFAR10_NAMES.map(officialCifar));
    const files = CIFAR10_NAMES.map((name, i) => incoming(`${name}.bin`, bytes[i]));
    const { pixels, labels, sourceOf, ...read } = await readAll(files);
    expect(read).toMatchObject({ name: 'CIFAR-10', side: 32, count: 60_000, classes: CIFAR_10_CLASSES, skipped: [] });
    expect(read.sources).toEqual(
      CIFAR10_NAMES.map((name) => ({ name: `${name}.bin`, part: name === 'test_batch' ? 'test' : 'train' })),
    );
    for (const [i, name] of CIFAR10_NAMES.entries()) {
      const first = sourceOf.indexOf(i);
      const end = sourceOf.lastIndexOf(i) + 1;
      expect(end - first).toBe(10_000);
      const again = writeCifar10(pixels.subarray(first * 3072, end * 3072), labels.subarray(first, end));
      expect(md5(again)).toBe(MD5[name]);
    }
  });
});

describe('the same CIFAR pictures', { tags: ['cifar10'] }, () => {
  const COUNT = 60;
  /** Their first COUNT records, train and test. */
  let shards: Record<string, Uint8Array>;
  let expected: { train: Picture[]; test: Picture[] };
  type Picture = { label: number; className: string; md5: string };

  const pictures = (read: Awaited<ReturnType<typeof readAll>>) => {
    const parts: typeof expected = { train: [], test: [] };
    const size = read.side ** 2 * 3;
    for (let i = 0; i < read.count; i++) {
      const label = read.labels[i];
      const picture = {
        label,
        className: read.classes[label],
        md5: md5(read.pixels.subarray(i * size, (i + 1) * size)),
      };
      parts[read.sources[read.sourceOf[i]].part].push(picture);
    }
    return parts;
  };
  const rgbOf = (shard: Uint8Array, i: number) => {
    const rgb = new Uint8Array(3072);
    fromRowPlanes(shard, i * 3073 + 1, rgb, 0, 32);
    return rgb;
  };
  const rgbOfAll = (shard: Uint8Array) => joined(Array.from({ length: COUNT }, (_, i) => rgbOf(shard, i)));
  const labelsOf = (shard: Uint8Array) => Array.from({ length: COUNT }, (_, i) => shard[i * 3073]);

  beforeAll(async () => {
    const first = async (name: Cifar10Name) => (await officialCifar(name)).slice(0, COUNT * 3073);
    shards = { 'data_batch_1.bin': await first('data_batch_1'), 'test_batch.bin': await first('test_batch') };
    const part = (shard: Uint8Array) =>
      labelsOf(shard).map((label, i) => ({ label, className: CIFAR_10_CLASSES[label], md5: md5(rgbOf(shard, i)) }));
    expected = { train: part(shards['data_batch_1.bin']), test: part(shards['test_batch.bin']) };
  });

  const inFolder = (folder: string) =>
    Object.fromEntries(Object.entries(shards).map(([name, bytes]) => [`${folder}/${name}`, bytes]));

  it('come from binary shards', async () => {
    const files = Object.entries(shards).map(([name, bytes]) => incoming(name, bytes));
    expect(pictures(await readAll(files))).toEqual(expected);
  });

  it('come from binary shards whose names say nothing, with their parts all training', async () => {
    const files = Object.values(shards).map((bytes, i) => incoming(`${i}`, bytes));
    expect(pictures(await readAll(files))).toEqual({ train: [...expected.train, ...expected.test], test: [] });
  });

  it('come from Python pickles', async () => {
    const files = Object.entries(shards).map(([name, bytes]) =>
      incoming(name.replace('.bin', ''), pickledCifar(rgbOfAll(bytes), labelsOf(bytes))),
    );
    const meta = incoming('batches.meta', fixture('meta-python2.pickle'));
    expect(pictures(await readAll([...files, meta]))).toEqual(expected);
  });

  it('come from a tar, a tar.gz, a single gz and a tar.gz in a zip', async () => {
    const names = `${CIFAR_10_CLASSES.join('\n')}\n\n`;
    const content = { 'cifar/readme.html': '<html>', 'cifar/batches.meta.txt': names, ...inFolder('cifar') };
    const plain = await tar(content);
    const packed = await gzip(plain);
    expect(pictures(await readAll([incoming('cifar.tar', plain)]))).toEqual(expected);
    expect(pictures(await readAll([incoming('cifar-10-binary.tar.gz', packed)]))).toEqual(expected);
    const zipped = zipSync({ 'down/cifar.tgz': packed });
    const read = await readAll([incoming('all.zip', zipped)]);
    expect(pictures(read)).toEqual(expected);
    expect(read.skipped).toEqual(['all.zip/down/cifar.tgz/cifar.tar/cifar/readme.html']);
    const single = await gzip(shards['test_batch.bin']);
    expect(pictures(await readAll([incoming('test_batch.bin.gz', single)])).test).toEqual(expected.test);
  });

  it('come from a zip of shards, stored or deflated', async () => {
    for (const level of [0, 9] as const) {
      const zipped = zipSync(inFolder('cifar'), { level });
      expect(pictures(await readAll([incoming('cifar.zip', zipped)]))).toEqual(expected);
    }
  });

  const asPictures = () =>
    Object.fromEntries(
      Object.entries(shards).flatMap(([name, bytes]) =>
        labelsOf(bytes).map((label, i) => [
          `${name === 'test_batch.bin' ? 'test' : 'train'}/${CIFAR_10_CLASSES[label]}/${i}.png`,
          png(rgbOf(bytes, i), 32),
        ]),
      ),
    );
  const sorted = (parts: typeof expected) => {
    const key = ({ md5, label }: Picture) => `${label} ${md5}`;
    const sort = (list: Picture[]) => list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    return { train: sort(parts.train), test: sort(parts.test) };
  };

  it('come from a zip of pictures in folders, whatever is strewn among them', async () => {
    const litter = { '__MACOSX/train/cat/._1.png': 'x', 'train/.DS_Store': 'y', 'LICENSE.md': '# Licence\n\nNone.' };
    const content = Object.entries({ ...litter, ...asPictures() }).map(
      ([name, bytes]) => [name, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes] as const,
    );
    const read = await readAll([incoming('pictures.zip', zipSync(Object.fromEntries(content)))]);
    expect(sorted(pictures(read))).toEqual(sorted(expected));
    expect(read).toMatchObject({ name: 'pictures', skipped: ['pictures.zip/LICENSE.md'] });
    expect(read.sources.map(({ name }) => name).sort()).toEqual(['pictures.zip/test', 'pictures.zip/train']);
  });

  it('come from a dropped folder of pictures', async () => {
    const files = Object.entries(asPictures()).map(([path, bytes]) => incoming(`cifar/${path}`, bytes));
    const read = await readAll(files);
    expect(sorted(pictures(read))).toEqual(sorted(expected));
    expect(read).toMatchObject({ name: 'cifar', classes: CIFAR_10_CLASSES });
  });

  it('come from parquet files', async () => {
    const files = Object.entries(shards).map(([name, shard]) => {
      const cells = labelsOf(shard).map((_, i) => ({ bytes: png(rgbOf(shard, i), 32), path: `${i}.png` }));
      const features = { label: { names: CIFAR_10_CLASSES, _type: 'ClassLabel' }, img: { _type: 'Image' } };
      const file = parquetWriteBuffer({
        schema: [
          { name: 'root', num_children: 2 },
          { name: 'img', num_children: 2, repetition_type: 'OPTIONAL' },
          { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
          { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
          { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
        ],
        columnData: [
          { name: 'img', data: cells },
          { name: 'label', data: labelsOf(shard).map(BigInt) },
        ],
        rowGroupSize: 25,
        kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
      });
      const split = name === 'test_batch.bin' ? 'test' : 'train';
      return incoming(`${split}-00000-of-00001.parquet`, new Uint8Array(file));
    });
    const read = await readAll(files);
    expect({ ...pictures(read), classes: read.classes }).toEqual({ ...expected, classes: CIFAR_10_CLASSES });
    // Hugging Face's parquet and the official shards are the same data set.
    const mixed = await readAll([files[0], incoming('test_batch.bin', shards['test_batch.bin'])]);
    expect(pictures(mixed)).toEqual(expected);
  });
});

describe('files that Python wrote', () => {
  const planes = (n: number) => Uint8Array.from({ length: 3072 }, (_, i) => 7 * i + 13 * n);
  const pixels = new Uint8Array(3 * 3072);
  for (let n = 0; n < 3; n++) fromRowPlanes(planes(n), 0, pixels, n * 3072, 32);

  const dialects = [1, 2].flatMap((numpy) => [1, 2, 3, 4, 5].map((p) => `cifar-numpy${numpy}-protocol${p}.pickle`));
  it.each(['cifar-python2.pickle', ...dialects])('%s gives its pictures and labels', async (name) => {
    const read = await readAll([incoming(name, fixture(name))]);
    expect([...read.labels]).toEqual([3, 8, 0]);
    expect(read.pixels).toEqual(pixels);
  });

  it.each([1, 2])('cifar100-numpy%i.pickle gives the fine labels', async (numpy) => {
    const read = await readAll([incoming('test', fixture(`cifar100-numpy${numpy}.pickle`))]);
    expect(read).toMatchObject({ name: 'CIFAR-100', classes: CIFAR_100_CLASSES });
    expect([...read.labels]).toEqual([99, 0, 7]);
    expect(read.sources).toEqual([{ name: 'test', part: 'test' }]);
  });

  it.each(['snappy', 'zstd', 'gzip'])('%s.parquet gives pictures, labels and classes', async (codec) => {
    const read = await readAll([incoming(`${codec}.parquet`, fixture(`${codec}.parquet`))]);
    expect([...read.labels]).toEqual([3, 8, 0]);
    expect(read.pixels).toEqual(pixels);
    expect(read.classes).toEqual(CIFAR_10_CLASSES);
  });
});

describe('CIFAR-100 in binary', () => {
  const record = (coarse: number, fine: number) => [coarse, fine, ...Array.from({ length: 3072 }, (_, i) => i + fine)];

  it('gives the fine labels and their names', async () => {
    const records = Uint8Array.from([record(4, 0), record(1, 99), record(19, 42)].flat());
    const read = await readAll([incoming('train.bin', records), incoming('test.bin', records)]);
    expect(read).toMatchObject({ name: 'CIFAR-100', count: 6, classes: CIFAR_100_CLASSES });
    expect([...read.labels]).toEqual([0, 99, 42, 0, 99, 42]);
    expect(read.sources).toEqual([
      { name: 'test.bin', part: 'test' },
      { name: 'train.bin', part: 'train' },
    ]);
  });
});

describe('STL-10 in binary', () => {
  const side = 96;
  /** Pixel (x, y) of picture n is (x, y, 10 n). The columns run first. */
  const stlPictures = (count: number) =>
    joined(
      Array.from({ length: count }, (_, n) =>
        Uint8Array.from({ length: 3 * side * side }, (_, i) => {
          const at = i % (side * side);
          return [Math.floor(at / side), at % side, 10 * n][Math.floor(i / (side * side))];
        }),
      ),
    );
  const expectPictures = (pixels: Uint8Array, count: number) => {
    for (let n = 0; n < count; n++) {
      for (const [x, y] of [
        [0, 0],
        [95, 0],
        [0, 95],
        [37, 81],
      ]) {
        const at = 3 * (n * side * side + y * side + x);
        expect([...pixels.subarray(at, at + 3)]).toEqual([x, y, 10 * n]);
      }
    }
  };

  it('joins pictures with the labels of the same name, before or after them', async () => {
    const folder = {
      'stl10_binary/test_X.bin': stlPictures(2),
      'stl10_binary/test_y.bin': Uint8Array.of(1, 10),
      'stl10_binary/train_y.bin': Uint8Array.of(3, 4),
      'stl10_binary/train_X.bin': stlPictures(2),
      'stl10_binary/unlabeled_X.bin': stlPictures(1),
      'stl10_binary/class_names.txt': `${STL_10_CLASSES.join('\n')}\n`,
    };
    const read = await readAll([incoming('stl10_binary.tar.gz', await gzip(await tar(folder)))]);
    expect(read).toMatchObject({ name: 'STL-10', side: 96, count: 5, classes: STL_10_CLASSES });
    expect([...read.labels]).toEqual([0, 9, 2, 3, -1]);
    expect(read.sources.map(({ part }) => part)).toEqual(['test', 'train', 'train']);
    expectPictures(read.pixels.subarray(0, 2 * 3 * side * side), 2);
  });

  it('joins the only labels of the right number, whatever their names', async () => {
    const read = await readAll([incoming('a', stlPictures(3)), incoming('b', Uint8Array.of(10, 1, 2))]);
    expect([...read.labels]).toEqual([9, 0, 1]);
    expectPictures(read.pixels, 3);
  });

  it('does without labels', async () => {
    const read = await readAll([incoming('a', stlPictures(1))]);
    expect([...read.labels]).toEqual([-1]);
  });
});

describe('pictures of all sizes', () => {
  const plain = (width: number, height: number, ...rgb: number[]) =>
    png(
      Uint8Array.from({ length: 3 * width * height }, (_, i) => rgb[i % 3]),
      width,
      height,
    );

  it('are cut to the centre and brought to the largest side, 96 at most', async () => {
    const small = await readAll([
      incoming('shots/10.png', plain(20, 40, 1, 2, 3)),
      incoming('shots/9.png', plain(10, 10, 4, 5, 6)),
    ]);
    expect(small).toMatchObject({ name: 'shots', side: 20, count: 2, classes: [] });
    expect([...small.labels]).toEqual([-1, -1]);
    expect([...small.pixels.subarray(0, 3)]).toEqual([4, 5, 6]);
    expect([...small.pixels.subarray(-3)]).toEqual([1, 2, 3]);
    const large = await readAll([incoming('one.png', plain(300, 200, 9, 8, 7))]);
    expect(large).toMatchObject({
      name: 'one',
      side: 96,
      pixels: new Uint8Array(96 * 96 * 3).map((_, i) => 9 - (i % 3)),
    });
  });

  it('have their classes in the order of the names, numbers as numbers', async () => {
    const names = ['10', '9', '1', 'b', 'a'];
    const read = await readAll(names.map((name, i) => incoming(`d/${name}/x.png`, plain(8, 8, i, i, i))));
    expect(read.classes).toEqual(['1', '9', '10', 'a', 'b']);
    const byClass = Object.fromEntries([...read.labels].map((label, i) => [read.classes[label], read.pixels[i * 192]]));
    expect(byClass).toEqual({ '10': 0, '9': 1, '1': 2, b: 3, a: 4 });
  });

  it('in test and validation folders are held back; a picture outside of any folder has no class', async () => {
    const zipped = zipSync({
      'train/x/1.png': plain(8, 8, 1, 1, 1),
      'val/y/2.png': plain(8, 8, 2, 2, 2),
      'test/x/3.png': plain(8, 8, 3, 3, 3),
      '4.png': plain(8, 8, 4, 4, 4),
    });
    const read = await readAll([incoming('p.zip', zipped)]);
    expect([...read.labels]).toEqual([0, 1, 0, -1]);
    expect([...read.sourceOf].map((s) => read.sources[s])).toEqual([
      { name: 'p.zip/train', part: 'train' },
      { name: 'p.zip/val', part: 'test' },
      { name: 'p.zip/test', part: 'test' },
      { name: 'p.zip', part: 'train' },
    ]);
  });
});
