/**
 * Files of the kinds that people report to have trouble with, read to the picture: part, class, side and pixels, which NumPy and
 * Pillow gave. The files are imitations; no byte is from the data sets that they are called after.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { incoming, readAll } from './testing.ts';

type Picture = [part: string, className: string | null, side: number, md5: string];

const file = (name: string) => readFileSync(new URL(`fixtures/reported/${name}`, import.meta.url));
const expected: Record<string, Picture[]> = JSON.parse(file('expected.json').toString());
const sorted = (pictures: Picture[]) => pictures.map((picture) => picture.join(' ')).sort();

async function read(name: string) {
  const { pixels, ...head } = await readAll([incoming(name, new Uint8Array(file(name)))]);
  const size = 3 * head.side ** 2;
  const pictures = Array.from({ length: head.count }, (_, i): Picture => {
    const md5 = createHash('md5').update(pixels.subarray(i * size, (i + 1) * size));
    const className = head.labels[i] < 0 ? null : head.classes[head.labels[i]];
    return [head.sources[head.sourceOf[i]].part, className, head.side, md5.digest('hex')];
  });
  return { ...head, pictures };
}

it.each(Object.keys(expected))('%s is read as it is meant', async (name) => {
  expect(sorted((await read(name)).pictures)).toEqual(sorted(expected[name]));
});

describe('what is said of', () => {
  it.each([
    ['kaggle-cifar10.zip', '10 labels come from kaggle-cifar10.zip/cifar-10/trainLabels.csv, column "label".'],
    ['hf-metadata-jsonl.zip', '10 labels come from hf-metadata-jsonl.zip/data/train/metadata.jsonl, column "label".'],
    ['tiny-imagenet.zip', '3 labels come from tiny-imagenet.zip/tiny-imagenet-200/val/val_annotations.txt.'],
    ['dogs-vs-cats-test1.zip', `The classes are those in the pictures' names, such as "cat" of cat.0.png.`],
    ['one-bzip2-readme.zip', 'one-bzip2-readme.zip/README.txt is packed by method 12; only deflate can be read.'],
  ])('%s', async (name, note) => {
    expect((await read(name)).notes).toEqual([note]);
  });

  it('empty-and-broken.zip', async () => {
    const { damaged, skipped } = await read('empty-and-broken.zip');
    const path = 'empty-and-broken.zip/PetImages';
    expect(damaged).toEqual([`${path}/Dog/11702.png: This PNG picture could not be decoded: it is damaged.`]);
    expect(skipped).toEqual([`${path}/Cat/666.png`]);
  });

  it.each(['cut.tar.gz', 'changed-byte.tar.gz'])('%s', async (name) => {
    await expect(read(name)).rejects.toThrow(`${name} is damaged or cut off: it could be unpacked up to byte `);
  });

  it.each([
    ['t10k-labels-idx1-ubyte', "has labels in MNIST's form (idx), which is not read: "],
    ['cifar10-train.tfrecord-00000-of-00001', 'is a TFRecord file, which is not read: '],
    ['data-00000-of-00001.arrow', 'is an Arrow file, which is not read: save the data set as parquet'],
    ['train.7z', 'is a 7z archive, which is not read: unpack it first'],
    ['train.mat', 'is a MATLAB file, which is not read: open the binary or the Python version'],
    ['train.tar.bz2', 'is packed by bzip2, which is not read: unpack it first'],
    ['train.tar.xz', 'is packed by xz, which is not read: unpack it first'],
    ['train.tar.zst', 'is packed by Zstandard, which is not read: unpack it first'],
    ['cifar-10-python.tar.gz', 'is a web page and not the file itself: download it again'],
    ['train-00000-of-00001.parquet', 'is a pointer of Git LFS and not the file itself: run git lfs pull'],
  ])('%s, which is not read', async (name, sentence) => {
    await expect(read(name)).rejects.toThrow(`${name} ${sentence}`);
  });
});
