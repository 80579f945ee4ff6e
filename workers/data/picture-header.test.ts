import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../errors.ts';
import { type PictureHeader, pictureHeader } from './picture-header.ts';

const text = (s: string) => [...s].map((c) => c.charCodeAt(0));
const big = (x: number) => [x >>> 24, (x >> 16) & 255, (x >> 8) & 255, x & 255];
const little = (x: number) => big(x).reverse();
const big16 = (x: number) => [x >> 8, x & 255];
const bytes = (...parts: (number | number[])[]) => Uint8Array.from(parts.flat());

const chunk = (name: string, data: number[]) => [...big(data.length), ...text(name), ...data, 0, 0, 0, 0];
const PNG_SIGNATURE = [0x89, ...text('PNG\r\n'), 0x1a, 0x0a];
const ihdr = chunk('IHDR', [...big(300), ...big(200), 8, 2, 0, 0, 0]);
const png = (...chunks: number[][]) => bytes(PNG_SIGNATURE, ihdr, ...chunks, chunk('IDAT', [1]), chunk('IEND', []));

const app0 = [0xff, 0xe0, ...big16(16), ...text('JFIF\0'), 1, 1, 0, ...big16(1), ...big16(1), 0, 0];
const dht = [0xff, 0xc4, ...big16(4), 0, 0];
const sof = (marker: number) => [0xff, marker, ...big16(11), 8, ...big16(200), ...big16(300), 1, 1, 0x11, 0];
const jpeg = (...segments: number[][]) => bytes(0xff, 0xd8, ...segments.flat(), [0xff, 0xda]);

const loops = [0x21, 0xff, 11, ...text('NETSCAPE2.0'), 3, 1, 0, 0, 0];
/** A frame with its timing before it, four local colours and two blocks of data in which marker bytes occur. */
const gifFrame = [0x21, 0xf9, 4, 0, 5, 0, 0, 0, 0x2c, ...new Array(8).fill(0), 0x81, ...new Array(12).fill(0x2c), 2];
const gifData = [3, 0x3b, 0x2c, 0x21, 1, 0x3b, 0];
const gif = (frames: number) =>
  bytes(
    [...text('GIF89a'), 44, 1, 200, 0, 0x80, 0, 0, 1, 2, 3, 4, 5, 6],
    loops,
    ...new Array<number[]>(frames).fill([...gifFrame, ...gifData]),
    0x3b,
  );

const riff = (content: number[]) => bytes(text('RIFF'), little(4 + content.length), text('WEBP'), content);
const vp8 = [...text('VP8 '), ...little(10), 0, 0, 0, 0x9d, 0x01, 0x2a, 300 & 255, (300 >> 8) | 0x40, 200, 0x80];
const vp8l = [...text('VP8L'), ...little(5), 0x2f, ...little(((199 << 14) | 299 | 0x10000000) >>> 0)];
const vp8x = (flags: number) => [...text('VP8X'), ...little(10), flags, 0, 0, 0, 43, 1, 0, 199, 0, 0];

const bmpInfo = (size: number, height: number) =>
  bytes(text('BM'), new Array(12).fill(0), little(size), little(300), little(height), new Array(28).fill(0));

const box = (name: string, ...content: number[][]) => {
  const flat = content.flat();
  return [...big(8 + flat.length), ...text(name), ...flat];
};
const ispe = (w: number, h: number) => box('ispe', [0, 0, 0, 0], big(w), big(h));
const avif = (brands: string, ...properties: number[][]) =>
  bytes(
    box('ftyp', text(brands)),
    box('meta', [0, 0, 0, 0], box('hdlr', big(0)), box('iprp', box('ipco', ...properties), box('ipma', big(0)))),
    box('mdat', [1, 2, 3]),
  );

const is = (type: PictureHeader['type'], animated = false) => ({ type, width: 300, height: 200, animated });

describe('the header of a picture', () => {
  it.each<[string, Uint8Array, PictureHeader]>([
    ['a PNG', png(), is('png')],
    ['a PNG from an encoder', new Uint8Array(PNG.sync.write(new PNG({ width: 300, height: 200 }))), is('png')],
    ['an animated PNG', png(chunk('gAMA', big(1)), chunk('acTL', [...big(3), ...big(0)])), is('png', true)],
    ['an animated PNG of one frame', png(chunk('acTL', [...big(1), ...big(0)])), is('png')],
    [
      'a PNG with acTL too late',
      bytes(PNG_SIGNATURE, ihdr, chunk('IDAT', []), chunk('acTL', [...big(3), ...big(0)])),
      is('png'),
    ],
    ['a JPEG', jpeg(app0, dht, sof(0xc0)), is('jpeg')],
    ['a progressive JPEG with fill bytes', jpeg([0xff, 0xff], app0, [0xff, 0x01, 0xff], sof(0xc2)), is('jpeg')],
    ['a GIF', gif(1), is('gif')],
    ['an animated GIF', gif(2), is('gif', true)],
    ['a GIF without its end', gif(1).subarray(0, -1), is('gif')],
    ['a lossy WebP', riff(vp8), is('webp')],
    ['a lossless WebP', riff(vp8l), is('webp')],
    ['an extended WebP', riff(vp8x(0x10)), is('webp')],
    ['an animated WebP', riff(vp8x(0x12)), is('webp', true)],
    ['a BMP', bmpInfo(40, 200), is('bmp')],
    ['a BMP that runs downwards', bmpInfo(124, -200), is('bmp')],
    ['a BMP of OS/2', bytes(text('BM'), new Array(12).fill(0), little(12), 44, 1, 200, 0, 1, 0, 24, 0), is('bmp')],
    ['an AVIF', avif('avif\0\0\0\0mif1miaf', ispe(300, 200)), is('avif')],
    ['an AVIF among other brands', avif('mif1\0\0\0\0miafavif', ispe(300, 200)), is('avif')],
    [
      'an AVIF with a thumbnail',
      avif('avif\0\0\0\0', ispe(30, 20), box('pixi', big(0)), ispe(300, 200), ispe(3, 2)),
      is('avif'),
    ],
    ['an AVIF sequence', avif('avis\0\0\0\0avif', ispe(300, 200)), is('avif', true)],
  ])('of %s is read', (_, file, header) => {
    expect(pictureHeader(file)).toEqual(header);
  });

  it('is read from the middle of a buffer', () => {
    const file = png();
    const shifted = new Uint8Array(file.length + 3).subarray(3);
    shifted.set(file);
    expect(pictureHeader(shifted)).toEqual(is('png'));
  });

  it.each<[string, Uint8Array]>([
    ['nothing', bytes()],
    ['text', bytes(text('BMW builds cars, and RIFFs are for guitars'))],
    ['SVG', bytes(text('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
    ['HEIC', bytes(box('ftyp', text('heic\0\0\0\0mif1')), box('meta', big(0)))],
    ['a sound', bytes(text('RIFF'), little(4), text('WAVE'))],
    ['half a signature', bytes(PNG_SIGNATURE.slice(0, 5))],
  ])('of %s is refused', (_, file) => {
    expect(() => pictureHeader(file)).toThrow(
      new BadInput('This file is not a picture that can be read: PNG, JPEG, GIF, WebP, AVIF or BMP is needed.'),
    );
  });

  it.each<[string, Uint8Array, number]>([
    ['PNG', png(), 8 + 25 + 4],
    ['JPEG', jpeg(app0, sof(0xc0)), 2 + 18 + 8],
    ['GIF', gif(1), 13 + 6 + 15],
    ['WebP', riff(vp8), 29],
    ['BMP', bmpInfo(40, 200), 25],
    ['AVIF', avif('avif\0\0\0\0', ispe(300, 200)), 75],
  ])('of a %s that is cut off says so', (type, file, length) => {
    for (const n of [length, length - 1, length - 3]) {
      expect(() => pictureHeader(file.subarray(0, n))).toThrow(
        new BadInput(`This ${type} picture is cut off or damaged.`),
      );
    }
  });

  it('of a JPEG whose pixels come before their size is refused', () => {
    expect(() => pictureHeader(jpeg(app0))).toThrow('This JPEG picture is cut off or damaged.');
  });

  it('of any bytes is read or refused, and nothing else', () => {
    const files = [png(chunk('acTL', [...big(3), ...big(0)])), jpeg(app0, dht, sof(0xc0)), gif(2).subarray(0, 300)];
    files.push(
      riff(vp8),
      riff(vp8l),
      riff(vp8x(2)),
      bmpInfo(40, 200),
      avif('avif\0\0\0\0', ispe(3, 2), ispe(300, 200)),
    );
    const edits = fc.array(fc.tuple(fc.nat(150), fc.nat(255)), { maxLength: 5 });
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...files), fc.uint8Array({ maxLength: 200 })),
        edits,
        fc.nat(200),
        (file, edits, length) => {
          const mutated = file.slice(0, length);
          for (const [at, byte] of edits) if (at < mutated.length) mutated[at] = byte;
          try {
            const { width, height } = pictureHeader(mutated);
            expect(width >= 0 && height >= 0).toBe(true);
          } catch (error) {
            if (!(error instanceof BadInput)) throw error;
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
