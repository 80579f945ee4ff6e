/**
 * A palette for a data set: k-means over its pixels, begun by k-means++. Sources: Lloyd 1982; Arthur & Vassilvitskii 2007.
 *
 * On the processor: pixels repeat, so it works on the colours that there are and how often each occurs, and the search for
 * the nearest colour is that of palette.ts, which looks at a dozen of 512. 250,000 pixels take three seconds, where a
 * GPU would first need a table of 512 distances for each of them, half a gigabyte.
 */

import { Aborted, BadInput } from '../errors.ts';
import { uniform } from '../igpt/random.ts';
import { encodePixels } from './palette.ts';

export const MIN_COLOURS = 2;
export const MAX_COLOURS = 512;
const MAX_ROUNDS = 20;

export interface PaletteFit {
  /** In [-1, 1]. [colours × 3]; fewer colours than asked for where the pixels have no more. */
  palette: Float32Array;
  /** How often all colours were moved. */
  rounds: number;
  /** On the pixels that it was fitted to, in dB. */
  psnr: number;
}

export interface Fitting {
  /** MIN_COLOURS to MAX_COLOURS. */
  colours: number;
  /** The same seed and pixels give the same palette. */
  seed: number;
  /** From 0 to 1. */
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
  /** Lets messages in between two rounds. */
  breathe?: () => Promise<void>;
}

/** The colours among pixels, each once. */
interface Histogram {
  /** RGB bytes. [distinct × 3] */
  rgb: Uint8Array;
  /** [distinct] */
  counts: Uint32Array;
}

/**
 * @param rgb bytes, [pixels × 3], in any order: 250,000 are plenty
 * @throws BadInput if all pixels have the same colour; Aborted when the signal says so
 */
export async function fitPalette(rgb: Uint8Array, fitting: Fitting): Promise<PaletteFit> {
  const { colours, seed, onProgress = () => {}, signal, breathe = async () => {} } = fitting;
  if (!(Number.isInteger(colours) && colours >= MIN_COLOURS && colours <= MAX_COLOURS)) {
    throw new BadInput(`A palette has ${MIN_COLOURS} to ${MAX_COLOURS} colours, not ${colours}.`);
  }
  const histogram = count(rgb);
  if (histogram.counts.length < MIN_COLOURS)
    throw new BadInput('All pixels have the same colour: there is no palette to find.');
  // Choosing the first colours takes about as long as three rounds.
  const START = 3;
  const step = async (done: number) => {
    if (signal?.aborted) throw new Aborted();
    onProgress(done / (START + MAX_ROUNDS));
    await breathe();
  };
  await step(0);
  let palette = await firstColours(histogram, colours, seed, (part) => step(START * part));
  let nearest = encodePixels(histogram.rgb, palette);
  let rounds = 0;
  while (rounds < MAX_ROUNDS) {
    await step(START + rounds);
    palette = means(histogram, nearest, palette);
    rounds += 1;
    const next = encodePixels(histogram.rgb, palette);
    const same = next.every((token, i) => token === nearest[i]);
    nearest = next;
    if (same) break;
  }
  onProgress(1);
  return { palette, rounds, psnr: decibels(squaredError(histogram, nearest, palette) / (rgb.length / 3)) };
}

/**
 * How close pixels are to their nearest colours: 10 · log10(peak² / mean squared error), in dB; infinite where all are equal.
 * @param rgb bytes, [pixels × 3]
 * @param palette in [-1, 1], [colours × 3]
 */
export function palettePsnr(rgb: Uint8Array, palette: Float32Array): number {
  const histogram = count(rgb);
  return decibels(squaredError(histogram, encodePixels(histogram.rgb, palette), palette) / (rgb.length / 3));
}

/** @param error mean over pixels of the squared distance of colours in [-1, 1] */
function decibels(error: number): number {
  const PEAK = 2;
  const CHANNELS = 3;
  return 10 * Math.log10((CHANNELS * PEAK ** 2) / error);
}

function count(rgb: Uint8Array): Histogram {
  const packed = new Uint32Array(rgb.length / 3);
  for (let i = 0; i < packed.length; i++) packed[i] = (rgb[3 * i] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i + 2];
  packed.sort();
  let distinct = 0;
  const counts = new Uint32Array(packed.length);
  for (let i = 0; i < packed.length; i++) {
    if (i > 0 && packed[i] !== packed[i - 1]) distinct += 1;
    counts[distinct] += 1;
    packed[distinct] = packed[i];
  }
  const length = packed.length === 0 ? 0 : distinct + 1;
  const colours = new Uint8Array(3 * length);
  for (let i = 0; i < length; i++) colours.set([packed[i] >> 16, (packed[i] >> 8) & 255, packed[i] & 255], 3 * i);
  return { rgb: colours, counts: counts.subarray(0, length) };
}

const unit = (byte: number): number => byte / 127.5 - 1;

/** k-means++: each next colour is drawn with a chance in proportion to its squared distance from those drawn before. */
async function firstColours(
  { rgb, counts }: Histogram,
  wanted: number,
  seed: number,
  step: (part: number) => Promise<void>,
): Promise<Float32Array> {
  const colours = Math.min(wanted, counts.length);
  const palette = new Float32Array(3 * colours);
  /** Squared distance from the nearest chosen colour. */
  const distance = new Float64Array(counts.length).fill(1);
  for (let k = 0; k < colours; k++) {
    const at = 3 * draw(distance, counts, uniform(seed, k, 0));
    const [r, g, b] = [rgb[at], rgb[at + 1], rgb[at + 2]];
    palette.set([unit(r), unit(g), unit(b)], 3 * k);
    for (let i = 0; i < counts.length; i++) {
      const d = (rgb[3 * i] - r) ** 2 + (rgb[3 * i + 1] - g) ** 2 + (rgb[3 * i + 2] - b) ** 2;
      if (k === 0 || d < distance[i]) distance[i] = d;
    }
    if (k % 32 === 31) await step(k / colours);
  }
  return palette;
}

/** The place at which the running sum of distance · count first exceeds a part of its total. */
function draw(distance: Float64Array, counts: Uint32Array, part: number): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += distance[i] * counts[i];
  let left = part * total;
  let last = 0;
  for (let i = 0; i < counts.length; i++) {
    const weight = distance[i] * counts[i];
    if (weight === 0) continue;
    last = i;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

/** Each colour in the middle of its pixels; one that no pixel is nearest to stays where it is. */
function means({ rgb, counts }: Histogram, nearest: Int16Array, palette: Float32Array): Float32Array {
  const colours = palette.length / 3;
  const sums = new Float64Array(3 * colours);
  const weights = new Float64Array(colours);
  for (let i = 0; i < counts.length; i++) {
    const k = nearest[i];
    weights[k] += counts[i];
    for (let c = 0; c < 3; c++) sums[3 * k + c] += counts[i] * rgb[3 * i + c];
  }
  return palette.map((x, at) => {
    const weight = weights[Math.floor(at / 3)];
    return weight > 0 ? unit(sums[at] / weight) : x;
  });
}

function squaredError({ rgb, counts }: Histogram, nearest: Int16Array, palette: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    for (let c = 0; c < 3; c++) sum += counts[i] * (palette[3 * nearest[i] + c] - unit(rgb[3 * i + c])) ** 2;
  }
  return sum;
}
