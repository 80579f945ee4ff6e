import { PNG } from 'pngjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BadInput } from '../errors.ts';
import { decodePicture } from './decode.ts';
import { joined, png, SMALL_PNGS } from './testing.ts';

afterEach(() => vi.unstubAllGlobals());

const colours = async (bytes: Uint8Array) => [...(await decodePicture(bytes, 'x')).rgb];

describe('a PNG', () => {
  it('of 8 bits a colour gives the bytes that are stored', async () => {
    const rgb = Uint8Array.from({ length: 3 * 300 * 2 }, (_, i) => i * 37);
    expect(await decodePicture(png(rgb, 300, 2), 'x')).toEqual({ width: 300, height: 2, rgb });
  });

  it('with a palette of few bits shows its colours, on white where they are clear', async () => {
    const [red, green, blue] = [
      [255, 0, 0],
      [0, 255, 0],
      [127, 127, 255],
    ];
    expect(await colours(SMALL_PNGS.palette)).toEqual([red, green, blue, blue, green, red].flat());
  });

  it('of 16 bits, of 1 bit, with a clear colour and with a clear part is reduced to bytes', async () => {
    expect(await colours(SMALL_PNGS.deep)).toEqual([255, 255, 255, 128, 128, 128]);
    const bits = [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    expect(await colours(SMALL_PNGS.bits)).toEqual(bits.flatMap((bit) => [255 * bit, 255 * bit, 255 * bit]));
    expect(await colours(SMALL_PNGS.keyed)).toEqual([255, 255, 255, 4, 5, 6, 7, 8, 9, 255, 255, 255]);
    expect(await colours(SMALL_PNGS.greyAlpha)).toEqual([100, 100, 100, 255, 255, 255]);
  });

  it('whose pixels unpack to more than its header says is refused before they are all unpacked', async () => {
    const huge = PNG.sync.write(new PNG({ width: 4000, height: 4000 }));
    huge.writeUInt32BE(8, 16);
    huge.writeUInt32BE(8, 20);
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodePicture(new Uint8Array(huge), 'bomb.png')).rejects.toThrow(
      new BadInput('bomb.png: This PNG picture could not be decoded: it is damaged.'),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10e6);
  });

  it('is read without its colour profile, which may unpack to anything', async () => {
    const plain = png(Uint8Array.of(1, 2, 3), 1);
    const [beforeIdat, name] = [33, [...'iCCP'].map((c) => c.charCodeAt(0))];
    const profile = Uint8Array.of(0, 0, 0, 4, ...name, 1, 2, 3, 4, 9, 9, 9, 9);
    expect(await colours(joined([plain.subarray(0, beforeIdat), profile, plain.subarray(beforeIdat)]))).toEqual([
      1, 2, 3,
    ]);
  });
});

describe('any other picture', () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 2, 0, 4, 1, 1, 0x11, 0, 0xff, 0xda);

  it('is decoded by the browser and cut to its centre', async () => {
    let closed = 0;
    vi.stubGlobal('createImageBitmap', async (blob: Blob) => {
      expect(blob.type).toBe('image/jpeg');
      return { width: 4, height: 2, close: () => closed++ };
    });
    const drawn = {
      fillRect() {},
      drawImage: vi.fn((_: unknown, _left: number) => {}),
      getImageData: () => ({ data: new Uint8Array(16).fill(7) }),
    };
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        getContext = () => drawn;
      },
    );
    const picture = await decodePicture(jpeg, 'x');
    expect(picture).toEqual({ width: 2, height: 2, rgb: new Uint8Array(12).fill(7) });
    expect(drawn.drawImage.mock.calls[0][1]).toBe(-1);
    expect(closed).toBe(1);
  });

  it('cannot be read on the command line, and a sentence says so', async () => {
    await expect(decodePicture(jpeg, 'cat/1.jpg')).rejects.toThrow(
      new BadInput('cat/1.jpg: This JPEG picture can only be read in a browser.'),
    );
  });
});
