/** Draws pictures from the weights of a model in training, always from the same random numbers. */
import { type CompletionUpdate, MAX_VARIANTS, type Recipe, UNKNOWN } from '../../contract.ts';
import type { Config } from '../../igpt/config.ts';
import { ImageGPT } from '../../igpt/reference.ts';
import type { Trainer } from '../../igpt/trainer.ts';
import type { Way } from '../backend.ts';
import type { Decode } from '../complete.ts';
import { Decoding } from '../decoding.ts';
import { breathe } from '../queue.ts';

/** Pictures that are drawn each time, where there are no classes. */
const SAMPLES = 8;

export class Sampler {
  /** The engine's decoder reads the trainer's own weights, so it is made once. */
  private live: { decode: Decode; dispose(): void } | undefined;
  /** What the pictures begin with: a class each, as far as they go; undefined where there are none. */
  private readonly starts: number[] | undefined;
  private readonly count: number;

  constructor(
    /** What trains. */
    private readonly way: Way,
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
    const { decode, done } = await turn(() => this.open());
    const { count: variants, starts } = this;
    const { seed } = this.recipe;
    const sampling = { temperature: 1, topK: 0, topP: 1, seed, variants, lookAhead: false, starts };
    const rows = decode(new Int16Array(T).fill(UNKNOWN), sampling, new AbortController().signal);
    const pictures = new Int16Array(variants * T);
    let row = await turn(() => rows.next());
    while (!row.done) {
      place(row.value, pictures, T);
      row = await turn(() => rows.next());
    }
    done();
    return pictures;
  }

  dispose(): void {
    this.live?.dispose();
    this.live = undefined;
  }

  private async open(): Promise<{ decode: Decode; done(): void }> {
    this.live ??= await this.openLive();
    if (this.live) return { decode: this.live.decode, done: () => {} };
    const { weights } = await this.trainer.state();
    const gpt = new ImageGPT(this.config, weights);
    const decoding = new Decoding({ gpt, weights }, this.way);
    const done = () => {
      decoding.dispose();
      gpt.dispose();
    };
    return { decode: (...args) => decoding.decode(...args), done };
  }

  private async openLive(): Promise<{ decode: Decode; dispose(): void } | undefined> {
    const { way, trainer } = this;
    if (way.by !== 'engine') return undefined;
    const [{ EngineTrainer }, { Decoder }, { tuningFor }] = await Promise.all([
      import('../../engine/trainer.ts'),
      import('../../engine/decoder.ts'),
      import('../../engine/tuning.ts'),
    ]);
    if (!(trainer instanceof EngineTrainer)) throw new Error('On a GPU only the engine trains.');
    const { device, software } = way.gpu;
    const decoder = await Decoder.create(device, trainer.parameters, this.count, tuningFor(software).decoding);
    return {
      decode: (tokens, sampling, signal) => decoder.decode(tokens, sampling, signal, breathe),
      dispose: () => decoder.dispose(),
    };
  }
}

function place({ from, to, tokens }: CompletionUpdate, pictures: Int16Array, T: number): void {
  const width = to - from;
  for (let v = 0; v < tokens.length / width; v++)
    pictures.set(tokens.subarray(v * width, (v + 1) * width), v * T + from);
}
