/**
 * Colours to tokens and back. The palette is a list of colours in [-1, 1], as in OpenAI's image-gpt: a byte is
 * x / 127.5 - 1, a pixel's token is its nearest colour by squared distance, the first one on a tie.
 *
 * The search is exact and quick: RGB space is cut into cubes, and each cube that occurs learns once which colours can
 * be nearest to anything inside it, usually a dozen of 512.
 */

/** Bytes 0–255 fall into 32 cubes of 8 along each channel. */
const CUBE_BITS = 3;
const CUBE = 1 << CUBE_BITS;
const CUBES = 256 / CUBE;
/** More than rounding can move a squared distance, so that no colour is dropped for it. */
const SLACK = 1e-9;

const unit = (byte: number): number => byte / 127.5 - 1;
const UNIT = Float64Array.from({ length: 256 }, (_, byte) => unit(byte));

/**
 * The nearest colour of every pixel. Many pictures in one call share what is learnt about the palette.
 * @param rgb bytes, [pixels × 3], any number of pixels
 * @param palette in [-1, 1], [colours × 3]
 * @returns tokens, [pixels]
 */
export function encodePixels(rgb: Uint8Array, palette: Float32Array): Int16Array {
  const tokens = new Int16Array(rgb.length / 3);
  const cubes = new Array<Int16Array | undefined>(CUBES ** 3);
  for (let i = 0; i < tokens.length; i++) {
    const [r, g, b] = [rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]];
    const cube = ((r >> CUBE_BITS) * CUBES + (g >> CUBE_BITS)) * CUBES + (b >> CUBE_BITS);
    cubes[cube] ??= candidates(r & -CUBE, g & -CUBE, b & -CUBE, palette);
    tokens[i] = nearest(UNIT[r], UNIT[g], UNIT[b], palette, cubes[cube]);
  }
  return tokens;
}

/** Of the colours listed, in rising order, the nearest one. */
function nearest(r: number, g: number, b: number, palette: Float32Array, among: Int16Array): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < among.length; k++) {
    const at = 3 * among[k];
    const distance = (palette[at] - r) ** 2 + (palette[at + 1] - g) ** 2 + (palette[at + 2] - b) ** 2;
    if (distance < least) {
      least = distance;
      best = among[k];
    }
  }
  return best;
}

/** Colours that may be nearest to a byte colour in the cube from (r, g, b): none is surely nearer all over the cube. */
function candidates(r: number, g: number, b: number, palette: Float32Array): Int16Array {
  const low = [unit(r), unit(g), unit(b)];
  const high = [unit(r + CUBE - 1), unit(g + CUBE - 1), unit(b + CUBE - 1)];
  const colours = palette.length / 3;
  const closest = new Float64Array(colours);
  let reach = Number.POSITIVE_INFINITY;
  for (let k = 0; k < colours; k++) {
    let farthest = 0;
    for (let c = 0; c < 3; c++) {
      const x = palette[3 * k + c];
      closest[k] += Math.max(low[c] - x, 0, x - high[c]) ** 2;
      farthest += Math.max(x - low[c], high[c] - x) ** 2;
    }
    reach = Math.min(reach, farthest);
  }
  const kept: number[] = [];
  for (let k = 0; k < colours; k++) if (closest[k] <= reach + SLACK) kept.push(k);
  return Int16Array.from(kept);
}

/** RGB bytes of every colour: 127.5 · (c + 1), rounded and clamped. [colours × 3] */
export function paletteBytes(palette: Float32Array): Uint8Array {
  // A clamped array rounds halves to even, as NumPy does where the model was trained.
  return new Uint8Array(Uint8ClampedArray.from(palette, (c) => 127.5 * (c + 1)).buffer);
}

/**
 * The RGB bytes that tokens stand for. [pixels × 3]
 * @throws RangeError if a token is no colour of the palette, unknown pixels included.
 */
export function decodeTokens(tokens: Int16Array, paletteBytes: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(3 * tokens.length);
  for (let i = 0; i < tokens.length; i++) {
    const at = 3 * tokens[i];
    if (at < 0 || at >= paletteBytes.length) throw new RangeError(`pixel ${i} has token ${tokens[i]}`);
    rgb[3 * i] = paletteBytes[at];
    rgb[3 * i + 1] = paletteBytes[at + 1];
    rgb[3 * i + 2] = paletteBytes[at + 2];
  }
  return rgb;
}
