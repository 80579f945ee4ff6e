/**
 * Which decoder completes pictures: the engine's plans on WebGPU, the SIMD kernels on WebAssembly, the reference elsewhere
 * and for the sizes that no kernel serves. Keeps the decoder and what it has packed or uploaded between completions.
 */
import type { CompletionUpdate, Sampling } from '../contract.ts';
import { Decoder } from '../engine/decoder.ts';
import type { OpenDevice } from '../engine/device.ts';
import { HalfParameters } from '../engine/half-parameters.ts';
import { Parameters } from '../engine/parameters.ts';
import { ifRoom } from '../engine/room.ts';
import { tuningFor } from '../engine/tuning.ts';
import { BadInput } from '../errors.ts';
import { SOS } from '../igpt/config.ts';
import { nll } from '../igpt/likelihood.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { SimdDecoder } from '../simd/decoder.ts';
import type { Way } from './backend.ts';
import { byReference } from './complete.ts';
import type { OpenModel } from './models.ts';
import { NO_GPU_MEMORY } from './passes.ts';
import { breathe } from './queue.ts';

/** Whatever the settings, nothing is sampled where every pixel is given. */
const GIVEN: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 0, variants: 1, lookAhead: false };

/**
 * Whether a model is decoded in f16: where the GPU has it; an adapter on the processor gains
 * nothing by it.
 */
export const inHalves = (way: Way): boolean =>
  way.by === 'engine' && !way.gpu.software && way.gpu.features.includes('shader-f16');

/** As igpt/decode.ts, for one model. */
export class Decoding {
  private parameters: Parameters | HalfParameters | undefined;
  private decoder: Decoder | SimdDecoder | undefined;

  constructor(
    private readonly model: Pick<OpenModel, 'gpt' | 'weights'>,
    private readonly way: Way,
  ) {}

  /** Whether anything is in memory to decode with. */
  get isReady(): boolean {
    return this.decoder !== undefined || this.parameters !== undefined;
  }

  /** How many pictures it can decode at once as it is now. */
  get pictures(): number {
    return this.decoder?.variants ?? 0;
  }

  async *decode(tokens: Int16Array, sampling: Sampling, signal: AbortSignal): AsyncGenerator<CompletionUpdate, number> {
    const decoder = await this.fastFor(particleCount(sampling));
    return yield* decoder
      ? decoder.decode(tokens, sampling, signal, breathe)
      : byReference(this.model.gpt)(tokens, sampling, signal);
  }

  /**
   * −log p(x_i | x_<i) of every pixel of a whole picture, in nats, [T], begun with a class or SOS: to a decoder, one that is
   * given from end to end.
   */
  async score(tokens: Int16Array, start = SOS): Promise<Float32Array> {
    const decoder = this.decoder ?? (await this.fastFor(1));
    if (!decoder) return nll(this.model.gpt, tokens, [start]);
    const updates = decoder.decode(tokens, { ...GIVEN, starts: [start] }, new AbortController().signal, breathe);
    const { value } = await updates.next();
    await updates.return(0);
    return (value as CompletionUpdate).nll;
  }

  /** Takes what the model needs of the GPU at least. @throws BadInput if there is no room for it */
  async prepare(): Promise<void> {
    if (this.way.by !== 'engine') return;
    try {
      this.parameters ??= await this.upload(this.way.gpu);
    } catch (error) {
      // The reference serves what no kernel can.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  dispose(): void {
    this.decoder?.dispose();
    this.parameters?.dispose();
    this.decoder = undefined;
    this.parameters = undefined;
  }

  private async fastFor(variants: number): Promise<Decoder | SimdDecoder | undefined> {
    if (this.decoder?.variants === variants) return this.decoder;
    this.decoder?.dispose();
    this.decoder = undefined;
    try {
      this.decoder = await this.create(variants);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      console.info(`No kernel can serve this model, so the reference does: ${error.message}`);
    }
    return this.decoder;
  }

  private async create(variants: number): Promise<Decoder | SimdDecoder | undefined> {
    const { way } = this;
    if (way.by === 'reference') return undefined;
    if (way.by === 'simd') return SimdDecoder.create(this.model.gpt.config, this.model.weights, variants);
    this.parameters ??= await this.upload(way.gpu);
    const { device, software } = way.gpu;
    const { parameters } = this;
    const decoder = await ifRoom(device, () =>
      Decoder.create(device, parameters, variants, tuningFor(software).decoding),
    );
    if (decoder) return decoder;
    throw new BadInput(
      variants > 1
        ? 'There is not enough graphics memory for so many pictures at once: take fewer variants, or turn look-ahead off.'
        : NO_GPU_MEMORY,
    );
  }

  private async upload({ device }: OpenDevice): Promise<Parameters | HalfParameters> {
    const parameters = await ifRoom<Parameters | HalfParameters>(device, async () => {
      const whole = new Parameters(device, this.model.gpt.config, this.model.weights);
      if (!inHalves(this.way)) return whole;
      const half = await HalfParameters.of(device, whole);
      whole.dispose();
      return half;
    });
    if (!parameters) throw new BadInput(NO_GPU_MEMORY);
    return parameters;
  }
}
