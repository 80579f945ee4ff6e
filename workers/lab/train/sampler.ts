/** Draws pictures from the weights of a model in training, always from the same random numbers. */
import { type CompletionUpdate, MAX_VARIANTS, type Recipe, UNKNOWN } from '../../contract.ts';
import type { Config } from '../../igpt/config.ts';
import type { Decoder } from '../../igpt/decoder.ts';
import type { Trainer } from '../../igpt/trainer.ts';
import { breathe } from '../queue.ts';

/** Pictures that are drawn each time, where there are no classes. */
const SAMPLES = 8;

export class Sampler {
  private decoder: Decoder | undefined;
  /** What the pictures begin with: a class each, as far as they go; undefined where there are none. */
  private readonly starts: number[] | undefined;
  private readonly count: number;

  constructor(
    private readonly config: Config,
    private readonly trainer: Trainer,
    private readonly recipe: Recipe,
  ) {
    const { n_starts = 0 } = config;
    this.count = n_starts > 0 ? Math.min(n_starts, MAX_VARIANTS) : SAMPLES;
    this.starts = n_starts > 0 ? Array.from({ length: this.count }, (_, start) => start) : undefined;
  }

  /** `turn` runs each row when it may. [n, pixels] */
  async draw(turn: <T>(job: () => Promise<T>) => Promise<T>): Promise<Int16Array> {
    const { n_positions: T } = this.config;
    const { count: variants, starts } = this;
    this.decoder ??= await turn(() => this.trainer.decoder(variants));
    const { seed } = this.recipe;
    const sampling = { temperature: 1, topK: 0, topP: 1, seed, variants, lookAhead: false, starts };
    const blank = new Int16Array(T).fill(UNKNOWN);
    const rows = this.decoder.decode(blank, sampling, new AbortController().signal, breathe);
    const pictures = new Int16Array(variants * T);
    let row = await turn(() => rows.next());
    while (!row.done) {
      place(row.value, pictures, T);
      row = await turn(() => rows.next());
    }
    return pictures;
  }

  dispose(): void {
    this.decoder?.dispose();
    this.decoder = undefined;
  }
}

function place({ from, to, tokens }: CompletionUpdate, pictures: Int16Array, T: number): void {
  const width = to - from;
  for (let v = 0; v < tokens.length / width; v++)
    pictures.set(tokens.subarray(v * width, (v + 1) * width), v * T + from);
}
