/** Turns a picture of palette indices into RGBA bytes, one pixel a cell. */
import type { Rgb } from './colour.ts';

/** The colours of the page that a picture may need. */
export interface Inks {
  unknownA: Rgb;
  unknownB: Rgb;
  paper: Rgb;
  accent: Rgb;
}

export interface Painting {
  tokens: Int16Array;
  palette: Uint8Array;
  side: number;
  /** One value in [0, 1] a pixel, shown as accent over the faded picture. */
  overlay?: Float32Array;
}

/** How much paper lies over the picture below a heat map. */
const FADE = 0.7;

const mix = (from: number, to: number, share: number) => from + (to - from) * Math.min(1, Math.max(0, share));

export function paint({ tokens, palette, side, overlay }: Painting, inks: Inks, rgba: Uint8ClampedArray): void {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const checker = ((i % side) + Math.floor(i / side)) % 2 === 0 ? inks.unknownA : inks.unknownB;
    for (let channel = 0; channel < 3; channel++) {
      const plain = token < 0 ? checker[channel] : palette[3 * token + channel];
      rgba[4 * i + channel] = overlay
        ? mix(mix(plain, inks.paper[channel], FADE), inks.accent[channel], overlay[i])
        : plain;
    }
    rgba[4 * i + 3] = 255;
  }
}
