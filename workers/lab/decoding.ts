/**
 * The decoder of one model, kept between completions with the weights that it packed or uploaded.
 */
import type { Compute, DecodingModel } from '../compute/compute.ts';
import type { CompletionUpdate, Sampling } from '../contract.ts';
import { type Config, SOS, type Weights } from '../igpt/config.ts';
import type { Decoder } from '../igpt/decoder.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { breathe } from './queue.ts';

/** Sampling settings of a picture whose every pixel is given: they change nothing. */
const GIVEN: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 0, variants: 1, lookAhead: false };

export class Decoding {
  private opened: DecodingModel | undefined;
  private decoder: Decoder | undefined;

  constructor(
    private readonly model: { config: Config; weights: Weights },
    private readonly compute: Compute,
  ) {}

  /** Anything is in memory to decode with. */
  get isReady(): boolean {
    return this.opened !== undefined;
  }

  /** Maximum number of pictures of the decoder that is in memory; 0 if there is none. */
  get pictures(): number {
    return this.decoder?.variants ?? 0;
  }

  /** As Decoder.decode(). */
  async *decode(tokens: Int16Array, sampling: Sampling, signal: AbortSignal): AsyncGenerator<CompletionUpdate, number> {
    const decoder = await this.decoderFor(particleCount(sampling));
    return yield* decoder.decode(tokens, sampling, signal, breathe);
  }

  /**
   * −log p(x_i | x_<i) of every pixel of a whole picture, in nats. [T]
   * @param start the class that it begins with, or SOS
   */
  async score(tokens: Int16Array, start = SOS): Promise<Float32Array> {
    const decoder = this.decoder ?? (await this.decoderFor(1));
    // To a decoder it is a picture that is given from end to end.
    const updates = decoder.decode(tokens, { ...GIVEN, starts: [start] }, new AbortController().signal, breathe);
    const { value } = await updates.next();
    await updates.return(0);
    return (value as CompletionUpdate).nll;
  }

  /**
   * Takes the minimum of memory that the model needs on the device.
   * @throws BadInput if there is no room for it
   */
  async prepare(): Promise<DecodingModel> {
    this.opened ??= await this.compute.openModel(this.model.config, this.model.weights);
    return this.opened;
  }

  dispose(): void {
    this.decoder?.dispose();
    this.opened?.dispose();
    this.decoder = undefined;
    this.opened = undefined;
  }

  private async decoderFor(variants: number): Promise<Decoder> {
    if (this.decoder?.variants === variants) return this.decoder;
    this.decoder?.dispose();
    this.decoder = undefined;
    this.decoder = await (await this.prepare()).decoder(variants);
    return this.decoder;
  }
}
