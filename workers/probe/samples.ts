/**
 * Pictures to learn from or to judge by: their classes, and numbers that are put together block by block, so that nothing
 * ever holds a second copy of them all.
 */
import type { LabelledPictures } from './labels.ts';

export interface Samples {
  /** Numbers of a picture. */
  width: number;
  /** From 0. [n] */
  labels: ArrayLike<number>;
  /** The numbers of some pictures. [places, width] */
  rows(places: Uint32Array): Float32Array;
}

/** Features of one or more layers, side by side: [n, width] each. */
export function layerSamples(layers: Float32Array[], width: number, labels: ArrayLike<number>): Samples {
  return {
    width: layers.length * width,
    labels,
    rows: (places) => {
      const rows = new Float32Array(places.length * layers.length * width);
      let at = 0;
      for (const place of places) {
        for (const layer of layers) {
          rows.set(layer.subarray(place * width, (place + 1) * width), at);
          at += width;
        }
      }
      return rows;
    },
  };
}

/** The colours of the pixels in [-1, 1], one after the other. The palette is [colours × 3]. */
export function pixelSamples({ tokens, labels }: LabelledPictures, palette: Float32Array): Samples {
  const pixels = tokens.length / labels.length;
  return {
    width: 3 * pixels,
    labels,
    rows: (places) => {
      const rows = new Float32Array(places.length * 3 * pixels);
      let at = 0;
      for (const place of places) {
        for (const token of tokens.subarray(place * pixels, (place + 1) * pixels)) {
          rows.set(palette.subarray(3 * token, 3 * token + 3), at);
          at += 3;
        }
      }
      return rows;
    },
  };
}

/** Some of the samples, in the order of the places. */
export function subset({ width, labels, rows }: Samples, places: Uint32Array): Samples {
  return {
    width,
    labels: Array.from(places, (place) => labels[place]),
    rows: (some) => rows(some.map((place) => places[place])),
  };
}

/** Numbers of a block. */
const BLOCK = 2 ** 22;

/** The places of all samples, a block's at a time. */
export function blocksOf({ width, labels }: Samples): Uint32Array[] {
  const size = Math.max(1, Math.floor(BLOCK / width));
  return Array.from({ length: Math.ceil(labels.length / size) }, (_, block) =>
    Uint32Array.from({ length: Math.min(size, labels.length - block * size) }, (__, i) => block * size + i),
  );
}
