import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BadInput } from '../errors.ts';
import { checkSize, MAX_PIXELS, readPicture } from './picture.ts';

/** The two things of a browser's that readPicture needs, as far as it needs them: PNG only, drawing at an offset. */
class Bitmap {
  closed = false;
  constructor(readonly png: PNG) {}
  get width() {
    return this.png.width;
  }
  get height() {
    return this.png.height;
  }
  close() {
    this.closed = true;
  }
}

class Canvas {
  fillStyle = 'black';
  private data: Uint8ClampedArray;
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(4 * width * height);
    canvases.push(this);
  }
  getContext() {
    return this;
  }
  fillRect(x: number, y: number, width: number, height: number) {
    expect([x, y, width, height, this.fillStyle]).toEqual([0, 0, this.width, this.height, 'white']);
    this.data.fill(255);
  }
  drawImage({ png }: Bitmap, dx: number, dy: number) {
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        if (x - dx < 0 || y - dy < 0 || x - dx >= png.width || y - dy >= png.height) continue;
        const from = 4 * ((y - dy) * png.width + x - dx);
        const to = 4 * (y * this.width + x);
        const alpha = png.data[from + 3] / 255;
        for (let c = 0; c < 3; c++) this.data[to + c] = png.data[from + c] * alpha + this.data[to + c] * (1 - alpha);
      }
    }
  }
  getImageData(_x: number, _y: number, width: number, height: number) {
    return { data: this.data.slice(0, 4 * width * height) };
  }
}

let canvases: Canvas[] = [];
let bitmaps: Bitmap[] = [];

beforeEach(() => {
  canvases = [];
  bitmaps = [];
  vi.stubGlobal('OffscreenCanvas', Canvas);
  vi.stubGlobal('createImageBitmap', async (blob: Blob) => {
    expect(blob.type).toBe('image/png');
    const bitmap = new Bitmap(PNG.sync.read(Buffer.from(await blob.arrayBuffer())));
    bitmaps.push(bitmap);
    return bitmap;
  });
});
afterEach(() => vi.unstubAllGlobals());

/** A PNG whose pixel (x, y) has the colour [r, g, b, a] that is given for it. */
function picture(width: number, height: number, colour: (x: number, y: number) => number[]): Buffer {
  const png = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) png.data.set(colour(i % width, Math.floor(i / width)), 4 * i);
  return PNG.sync.write(png);
}

const blob = (content: Uint8Array, type = '') => new Blob([new Uint8Array(content)], { type });

describe('a picture that is opened', () => {
  it('is cut to its centre square and reduced', async () => {
    const wide = picture(8, 4, (x, y) => [10 * x, 20 * y, 7, 255]);
    const { rgb, note } = await readPicture(blob(wide), 2);
    expect([...rgb]).toEqual([25, 10, 7, 45, 10, 7, 25, 50, 7, 45, 50, 7]);
    expect(note).toBeUndefined();
    expect(bitmaps.map((b) => b.closed)).toEqual([true]);
  });

  it('shows white where it is transparent', async () => {
    const { rgb } = await readPicture(blob(picture(2, 2, (x) => [10, 20, 30, x === 0 ? 0 : 255])), 2);
    expect([...rgb]).toEqual([255, 255, 255, 10, 20, 30, 255, 255, 255, 10, 20, 30]);
  });

  it('is known by its content, whatever its type says', async () => {
    const { rgb } = await readPicture(
      blob(
        picture(1, 1, () => [1, 2, 3, 255]),
        'image/jpeg',
      ),
      1,
    );
    expect([...rgb]).toEqual([1, 2, 3]);
  });

  it('is read in strips that join without a seam when it is large', async () => {
    const tall = picture(1500, 1600, (_, y) => [y % 256, y >> 8, 0, 255]);
    const { rgb } = await readPicture(blob(tall), 1500);
    expect(canvases.map(({ width, height }) => [width, height])).toEqual([[1500, 666]]);
    for (let y = 0; y < 1500; y++) {
      expect([rgb[y * 4500], rgb[y * 4500 + 1]]).toEqual([(y + 50) % 256, (y + 50) >> 8]);
    }
  });

  it('says so if it is an animation', async () => {
    const file = picture(1, 1, () => [1, 2, 3, 255]);
    const acTL = Buffer.from([0, 0, 0, 8, ...Buffer.from('acTL'), 0, 0, 0, 2, 0, 0, 0, 0, 0x6f, 0x3f, 0x31, 0x5d]);
    const afterIhdr = 8 + 25;
    const animated = Buffer.concat([file.subarray(0, afterIhdr), acTL, file.subarray(afterIhdr)]);
    vi.stubGlobal('createImageBitmap', async () => new Bitmap(PNG.sync.read(file)));
    expect((await readPicture(blob(animated), 1)).note).toBe('This is an animation: its first frame is used.');
  });

  it('is refused if it is none', async () => {
    await expect(readPicture(blob(Buffer.from('hello')), 4)).rejects.toThrow(BadInput);
    expect(bitmaps).toEqual([]);
  });

  it('is refused if it cannot be decoded', async () => {
    const file = picture(4, 4, () => [1, 2, 3, 255]);
    file.fill(0, file.length - 30, file.length - 12);
    await expect(readPicture(blob(file), 4)).rejects.toThrow(
      new BadInput('This PNG picture could not be decoded: it is damaged, or this browser does not know the format.'),
    );
  });

  it('is refused before it is decoded if it is too large or empty', async () => {
    const file = picture(4, 4, () => [1, 2, 3, 255]);
    file.writeUInt32BE(100_000, 16);
    file.writeUInt32BE(100_000, 20);
    await expect(readPicture(blob(file), 4)).rejects.toThrow(
      new BadInput('This picture has 100000 × 100000 pixels, more than the 64 million that can be read.'),
    );
    file.writeUInt32BE(0, 16);
    await expect(readPicture(blob(file), 4)).rejects.toThrow(
      new BadInput('This picture is empty: it has 0 × 100000 pixels.'),
    );
    expect(bitmaps).toEqual([]);
    expect(() => checkSize({ type: 'bmp', width: 8000, height: MAX_PIXELS / 8000, animated: false })).not.toThrow();
  });
});
