/** Pictures side by side as a PNG, large enough to be looked at. */
import { PNG } from 'pngjs';

/** Screen pixels a pixel. */
const SCALE = 8;

/**
 * @param pictures tokens of each, [side × side]
 * @param palette RGB bytes, [colours × 3]
 */
export function sheet(pictures: ArrayLike<number>[], side: number, palette: Uint8Array): Buffer {
  const stride = side * SCALE + SCALE;
  const png = new PNG({ width: pictures.length * stride - SCALE, height: side * SCALE });
  png.data.fill(255);
  pictures.forEach((picture, n) => {
    for (let y = 0; y < side * SCALE; y++) {
      for (let x = 0; x < side * SCALE; x++) {
        const colour = picture[Math.floor(y / SCALE) * side + Math.floor(x / SCALE)] * 3;
        const at = (y * png.width + n * stride + x) * 4;
        for (let c = 0; c < 3; c++) png.data[at + c] = palette[colour + c];
      }
    }
  });
  return PNG.sync.write(png);
}
