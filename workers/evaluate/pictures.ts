/** Whole pictures as a model sees them, on demand, so that a large data set never has to be in memory. */
export interface Pictures {
  readonly count: number;
  /** Tokens of pictures [from, to). [to - from, pixels] */
  tokens(from: number, to: number): Promise<Int16Array>;
}

/** Those that are at hand. [n, pixels] */
export const picturesOf = (tokens: Int16Array, pixels: number): Pictures => ({
  count: tokens.length / pixels,
  tokens: async (from, to) => tokens.subarray(from * pixels, to * pixels),
});

/** Read at once. */
const BLOCK = 256;

/** Pictures [from, to), a block's at a time. */
export async function* blocksOf(
  pictures: Pictures,
  from: number,
  to: number,
): AsyncGenerator<{ first: number; tokens: Int16Array }> {
  for (let first = from; first < to; first += BLOCK) {
    yield { first, tokens: await pictures.tokens(first, Math.min(to, first + BLOCK)) };
  }
}
