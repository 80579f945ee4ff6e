/** Which of many pictures is nearest to each of a few, by their colours or by their features. */

/** The nearest found so far of each. */
export interface Nearest {
  /** Place of the nearest among all that were offered. */
  readonly places: Uint32Array;
  /** Infinite where nothing was offered. */
  readonly distances: Float64Array;
}

const nothing = (count: number): Nearest => ({
  places: new Uint32Array(count),
  distances: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
});

/** By the mean squared difference of a pixel's channels, in steps of 0 to 255. */
export class NearestByColour {
  readonly found: Nearest;
  private readonly count: number;
  private readonly colours: number;
  /** Squared difference of each pair of colours, summed over channels. [colours, colours] */
  private readonly apart: Float32Array;

  /** @param palette RGB bytes, [colours × 3] @param pictures tokens of the few, [n, pixels] */
  constructor(
    palette: Uint8Array,
    private readonly pictures: Int16Array,
    private readonly pixels: number,
  ) {
    this.count = pictures.length / pixels;
    this.found = nothing(this.count);
    this.colours = palette.length / 3;
    this.apart = Float32Array.from({ length: this.colours ** 2 }, (_, pair) => {
      const [a, b] = [3 * Math.floor(pair / this.colours), 3 * (pair % this.colours)];
      return [0, 1, 2].reduce((sum, c) => sum + (palette[a + c] - palette[b + c]) ** 2, 0);
    });
  }

  /** Offers pictures, tokens [n, pixels], the first of them at this place. */
  offer(tokens: Int16Array, first: number): void {
    const { pixels, pictures, found, colours, apart } = this;
    for (let i = 0; i < this.count; i++) {
      for (let at = 0; at < tokens.length; at += pixels) {
        const least = found.distances[i] * 3 * pixels;
        let sum = 0;
        // What is farther than the nearest already need not be known exactly.
        for (let p = 0; p < pixels && sum < least; p++) {
          sum += apart[pictures[i * pixels + p] * colours + tokens[at + p]];
        }
        if (sum >= least) continue;
        found.distances[i] = sum / (3 * pixels);
        found.places[i] = first + at / pixels;
      }
    }
  }
}

/** By the squared difference of features, summed over channels. */
export class NearestByFeatures {
  readonly found: Nearest;
  private readonly count: number;

  /** @param rows features of the few, [n, width] */
  constructor(
    private readonly rows: Float32Array,
    private readonly width: number,
  ) {
    this.count = rows.length / width;
    this.found = nothing(this.count);
  }

  /** Offers features, [n, width], of pictures of which the first is at this place. */
  offer(others: Float32Array, first: number): void {
    const { rows, width, found } = this;
    for (let i = 0; i < this.count; i++) {
      for (let at = 0; at < others.length; at += width) {
        let sum = 0;
        for (let c = 0; c < width; c++) sum += (rows[i * width + c] - others[at + c]) ** 2;
        if (sum >= found.distances[i]) continue;
        found.distances[i] = sum;
        found.places[i] = first + at / width;
      }
    }
  }
}
