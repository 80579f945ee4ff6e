/**
 * Carries a drawing over to a model with another side or palette: larger pictures are averaged by area, smaller ones
 * repeated, and every colour becomes the nearest one of the new palette. Unknown stays unknown.
 */
import { UNKNOWN } from '../../workers/contract.ts';
import { nearestColour, paletteColour, type Rgb } from './colour.ts';

export interface Ground {
  side: number;
  palette: Uint8Array;
}

export interface Remap {
  colour: (index: number) => number;
  picture: (tokens: Int16Array) => Int16Array;
}

interface Share {
  at: number;
  weight: number;
}

/** Which source cells lie under target cell `to`, and how much of it each covers. */
function sharesUnder(to: number, fromSide: number, toSide: number): Share[] {
  if (toSide >= fromSide) return [{ at: Math.floor(((to + 0.5) * fromSide) / toSide), weight: 1 }];
  const start = (to * fromSide) / toSide;
  const end = ((to + 1) * fromSide) / toSide;
  const shares: Share[] = [];
  for (let at = Math.floor(start); at < end; at++) {
    shares.push({ at, weight: Math.min(end, at + 1) - Math.max(start, at) });
  }
  return shares;
}

export function remap(from: Ground, to: Ground): Remap {
  const shares = Array.from({ length: to.side }, (_, at) => sharesUnder(at, from.side, to.side));
  const nearestByRgb = new Map<number, number>();
  const nearest = (rgb: Rgb): number => {
    const key = (rgb[0] << 16) | (rgb[1] << 8) | rgb[2];
    const known = nearestByRgb.get(key);
    if (known !== undefined) return known;
    const found = nearestColour(to.palette, rgb);
    nearestByRgb.set(key, found);
    return found;
  };

  const pixel = (tokens: Int16Array, column: Share[], row: Share[]): number => {
    let [red, green, blue, known, all] = [0, 0, 0, 0, 0];
    for (const { at: y, weight: height } of row) {
      for (const { at: x, weight: width } of column) {
        const weight = width * height;
        all += weight;
        const token = tokens[y * from.side + x];
        if (token === UNKNOWN) continue;
        const [r, g, b] = paletteColour(from.palette, token);
        red += r * weight;
        green += g * weight;
        blue += b * weight;
        known += weight;
      }
    }
    if (known * 2 < all) return UNKNOWN;
    return nearest([Math.round(red / known), Math.round(green / known), Math.round(blue / known)]);
  };

  return {
    colour: (index) => nearest(paletteColour(from.palette, index)),
    picture: (tokens) => Int16Array.from(shares.flatMap((row) => shares.map((column) => pixel(tokens, column, row)))),
  };
}
