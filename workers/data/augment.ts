/**
 * Changes a picture a little each time it is seen. What is drawn depends on (seed, epoch, picture) alone, so a run that goes
 * on sees the same pictures as one that was never stopped. Sources: He et al. 2016 (flip, crop from a padded picture),
 * Szegedy et al. 2015 and torchvision (random resized crop).
 */

import { uniform } from '../igpt/random.ts';
import type { Draw } from './batches.ts';

export interface Augmentation {
  /** Mirror half of the pictures. */
  flip: boolean;
  /** Move by up to this many pixels in each direction; what comes in is the picture reflected at its edge. 0: never. */
  crop: number;
  /** Cut out a part of at least this share of the area and enlarge it to the full side. 1: never. */
  least: number;
}

export const NO_AUGMENTATION: Augmentation = { flip: false, crop: 0, least: 1 };
/** As Image GPT was fine-tuned on CIFAR. */
export const FLIP_AND_CROP: Augmentation = { flip: true, crop: 4, least: 1 };

/** Which of a picture's random numbers. */
const DRAWS = ['flip', 'left', 'top', 'area', 'shape', 'x', 'y'] as const;
/** Names this use of the seed. */
const PURPOSE = 0xa06e;

function random(seed: number, { epoch, picture }: Draw, which: (typeof DRAWS)[number]): number {
  return uniform(seed ^ PURPOSE, epoch, picture * DRAWS.length + DRAWS.indexOf(which));
}

/** Where a changed picture's pixels come from. */
export interface Move {
  flip: boolean;
  /** Pixels that the cut-out lies to the right and below; negative for left and above. */
  left: number;
  top: number;
}

export function drawMove({ flip, crop }: Augmentation, seed: number, draw: Draw): Move {
  const offset = (which: 'left' | 'top') => Math.floor(random(seed, draw, which) * (2 * crop + 1)) - crop;
  return { flip: flip && random(seed, draw, 'flip') < 0.5, left: offset('left'), top: offset('top') };
}

/**
 * One picture, moved and mirrored: exact for tokens as for colours.
 * @param from [side, side, channels] at `at`
 * @param to the same at `into`
 * @param channels values a pixel: 1 for tokens, 3 for RGB
 */
export function movePicture<T extends Uint8Array | Int16Array>(
  from: T,
  at: number,
  to: T,
  into: number,
  side: number,
  channels: number,
  { flip, left, top }: Move,
): void {
  for (let y = 0; y < side; y++) {
    const row = reflected(y + top, side);
    for (let x = 0; x < side; x++) {
      const column = reflected((flip ? side - 1 - x : x) + left, side);
      const source = at + channels * (row * side + column);
      const target = into + channels * (y * side + x);
      for (let c = 0; c < channels; c++) to[target + c] = from[source + c];
    }
  }
}

/** A place beyond the edge, reflected so that the edge itself does not come twice. */
function reflected(x: number, side: number): number {
  if (side === 1) return 0;
  const period = 2 * (side - 1);
  const inside = ((x % period) + period) % period;
  return inside < side ? inside : period - inside;
}

/** A rectangle in a picture, in pixels, not whole. */
export interface Cut {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Area uniform in [least, 1], shape between 3:4 and 4:3 as far as it fits, place uniform. */
export function drawCut({ least }: Augmentation, side: number, seed: number, draw: Draw): Cut {
  const area = least + (1 - least) * random(seed, draw, 'area');
  const widest = Math.min(4 / 3, 1 / area);
  const shape = widest ** (2 * random(seed, draw, 'shape') - 1);
  const width = side * Math.min(1, Math.sqrt(area * shape));
  const height = side * Math.min(1, Math.sqrt(area / shape));
  return {
    x: random(seed, draw, 'x') * (side - width),
    y: random(seed, draw, 'y') * (side - height),
    width,
    height,
  };
}

/**
 * A part of a picture, brought to another side by the triangle filter, which is widened where pixels are lost: bilinear and
 * antialiased, as Pillow and torchvision do it.
 * @param rgb bytes, [from, from, 3] at `at`
 * @param to bytes, [side, side, 3] at `into`
 */
export function resampleCut(
  rgb: Uint8Array,
  at: number,
  from: number,
  cut: Cut,
  to: Uint8Array,
  into: number,
  side: number,
): void {
  const columns = taps(cut.x, cut.width, from, side);
  const rows = taps(cut.y, cut.height, from, side);
  // First along the rows: [from, side, 3].
  const narrow = new Float32Array(from * side * 3);
  for (let y = 0; y < from; y++) {
    columns.forEach(({ first, weights }, x) => {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i] * rgb[at + 3 * (y * from + first + i) + c];
        narrow[3 * (y * side + x) + c] = sum;
      }
    });
  }
  const line = 3 * side;
  rows.forEach(({ first, weights }, y) => {
    for (let i = 0; i < line; i++) {
      let sum = 0;
      for (let j = 0; j < weights.length; j++) sum += weights[j] * narrow[(first + j) * line + i];
      to[into + y * line + i] = Math.round(sum);
    }
  });
}

/** Which old pixels make a new one, and how much of each; they sum to 1. */
interface Taps {
  first: number;
  weights: number[];
}

function taps(start: number, length: number, from: number, side: number): Taps[] {
  const scale = length / side;
  const reach = Math.max(1, scale);
  return Array.from({ length: side }, (_, i) => {
    const centre = start + (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const end = Math.min(from, Math.ceil(centre + reach - 0.5 + 1e-9) + 1);
    const raw = Array.from({ length: end - first }, (_, j) =>
      Math.max(0, 1 - Math.abs(first + j + 0.5 - centre) / reach),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}
