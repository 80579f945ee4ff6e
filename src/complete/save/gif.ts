/** An animated GIF of a completion as it appears. The encoder is loaded when first needed. */

import type { GifPalette } from 'gifenc';
import { UNKNOWN } from '../../../workers/contract.ts';
import type { Run } from '../../state/completion.ts';
import { filmFrames } from './frames.ts';

const FRAME_MS = 40;
const LAST_FRAME_MS = 2000;
/** One of a GIF's 256 colours says "as before". */
const GIF_COLOURS = 255;
/** Leaves the frame before in place. */
const KEEP = 1;
/** Where nothing is drawn yet. */
const BLANK = [238, 240, 244] as const;

export async function completionGif({ given, palette, side }: Run, tokens: Int16Array): Promise<Blob> {
  const { GIFEncoder, quantize, nearestColorIndex } = await import('gifenc');

  const rgbOf = (token: number): [number, number, number] =>
    token === UNKNOWN ? [...BLANK] : [palette[3 * token], palette[3 * token + 1], palette[3 * token + 2]];
  const used = [...new Set([UNKNOWN, ...given, ...tokens])];
  const exact = used.map(rgbOf);
  /** A picture may use more colours than a GIF holds: these are then merged to the nearest. */
  const colours =
    exact.length <= GIF_COLOURS ? exact : quantize(Uint8Array.from(exact.flatMap((rgb) => [...rgb, 255])), GIF_COLOURS);
  const indexOf = new Map(
    used.map((token, i) => [token, colours === exact ? i : nearestColorIndex(colours, exact[i])]),
  );

  const asBefore = colours.length;
  const palette256: GifPalette = [...colours, [...BLANK]];

  const scale = Math.max(1, Math.floor(256 / side));
  const size = side * scale;
  const gif = GIFEncoder();
  const frames = filmFrames(given, tokens);
  frames.forEach((frame, n) => {
    const index = new Uint8Array(size * size);
    for (let at = 0; at < index.length; at++) {
      const pixel = Math.floor(at / size / scale) * side + Math.floor((at % size) / scale);
      index[at] = n > 0 && frame[pixel] === frames[n - 1][pixel] ? asBefore : indexOf.get(frame[pixel])!;
    }
    const delay = n === frames.length - 1 ? LAST_FRAME_MS : FRAME_MS;
    const changes = { delay, dispose: KEEP, transparent: true, transparentIndex: asBefore };
    gif.writeFrame(index, size, size, n === 0 ? { palette: palette256, delay, dispose: KEEP, repeat: 0 } : changes);
  });
  gif.finish();
  return new Blob([gif.bytes()], { type: 'image/gif' });
}
