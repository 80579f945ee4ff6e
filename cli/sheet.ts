/** Pictures side by side as a PNG, large enough to be looked at unless asked otherwise. */
import { PNG } from 'pngjs';

interface Layout {
  /** In a row; all of them unless given. */
  columns?: number;
  /** Screen pixels a pixel, and between pictures. */
  scale?: number;
}

/**
 * @param pictures tokens of each, [side × side]
 * @param palette RGB bytes, [colours × 3]
 */
export function sheet(
  pictures: ArrayLike<number>[],
  side: number,
  palette: Uint8Array,
  { columns = pictures.length, scale = 8 }: Layout = {},
): Buffer {
  const stride = side * scale + scale;
  const rows = Math.ceil(pictures.length / columns);
  const png = new PNG({ width: columns * stride - scale, height: rows * stride - scale });
  png.data.fill(255);
  pictures.forEach((picture, n) => {
    const [left, top] = [(n % columns) * stride, Math.floor(n / columns) * stride];
    for (let y = 0; y < side * scale; y++) {
      for (let x = 0; x < side * scale; x++) {
        const colour = picture[Math.floor(y / scale) * side + Math.floor(x / scale)] * 3;
        const at = ((top + y) * png.width + left + x) * 4;
        for (let c = 0; c < 3; c++) png.data[at + c] = palette[colour + c];
      }
    }
  });
  return PNG.sync.write(png);
}
