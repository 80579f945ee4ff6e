/** What the tests of the probe share: pictures whose class shows in their colours, and features made of nothing else. */
import type { Features } from '../igpt/features.ts';
import { uniform } from '../igpt/random.ts';
import type { LabelledPictures } from './labels.ts';

export const PIXELS = 16;
export const CLASSES = ['dark', 'medium', 'light'];
const COLOURS = 12;

/** Class c of three has colours around 4 c, of 12; every third picture is of each. */
export function drawn(count: number, stream: number): LabelledPictures {
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const tokens = Int16Array.from({ length: count * PIXELS }, (_, i) => {
    const middle = 4 * labels[Math.floor(i / PIXELS)] + 2;
    return Math.max(0, Math.min(COLOURS - 1, middle + Math.floor(9 * uniform(stream, 1, i)) - 4));
  });
  return { tokens, labels };
}

/** Two layers of two features; the first is noise, the second has the mean colour and noise. Counts its calls. */
export function colourFeatures(batch = 7): Features & { calls: number } {
  return {
    batch,
    layers: 2,
    width: 2,
    pixels: PIXELS,
    calls: 0,
    async of(tokens) {
      this.calls++;
      const count = tokens.length / PIXELS;
      const means = Array.from({ length: count }, (_, i) =>
        tokens.subarray(i * PIXELS, (i + 1) * PIXELS).reduce((sum, t) => sum + t / PIXELS, 0),
      );
      const noise = (layer: number, x: number) => uniform(layer, 2, Math.round(1e4 * x));
      const first = means.flatMap((x) => [noise(0, x), noise(1, x)]);
      return Float32Array.from([...first, ...means.flatMap((x) => [x, noise(2, x)])]);
    },
    dispose() {},
  };
}
