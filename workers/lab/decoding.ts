/**
 * Which decoder completes pictures: the engine's plans on WebGPU, the reference elsewhere and for the sizes that no
 * kernel serves. Keeps what the engine has on the GPU between completions.
 */
import type { CompletionUpdate, Sampling } from '../contract.ts';
import { Decoder, GPU_TUNING, SOFTWARE_TUNING } from '../engine/decoder.ts';
import type { OpenDevice } from '../engine/device.ts';
import { Parameters } from '../engine/parameters.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { byReference } from './complete.ts';
import type { OpenModel } from './models.ts';
import { breathe } from './queue.ts';

/** As igpt/decode.ts, for one model. */
export class Decoding {
  private parameters: Parameters | undefined;
  private decoder: Decoder | undefined;

  constructor(
    private readonly model: Pick<OpenModel, 'gpt' | 'weights'>,
    private readonly gpu?: OpenDevice,
  ) {}

  async *decode(tokens: Int16Array, sampling: Sampling, signal: AbortSignal): AsyncGenerator<CompletionUpdate, number> {
    const decoder = await this.engineFor(particleCount(sampling));
    return yield* decoder
      ? decoder.decode(tokens, sampling, signal, breathe)
      : byReference(this.model.gpt)(tokens, sampling, signal);
  }

  dispose(): void {
    this.decoder?.dispose();
    this.parameters?.dispose();
    this.decoder = undefined;
    this.parameters = undefined;
  }

  private async engineFor(variants: number): Promise<Decoder | undefined> {
    if (!this.gpu) return undefined;
    if (this.decoder?.variants === variants) return this.decoder;
    this.decoder?.dispose();
    this.decoder = undefined;
    const { device, software } = this.gpu;
    try {
      this.parameters ??= new Parameters(device, this.model.gpt.config, this.model.weights);
      this.decoder = await Decoder.create(device, this.parameters, variants, software ? SOFTWARE_TUNING : GPU_TUNING);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      console.info(`The engine cannot serve this model, so the reference does: ${error.message}`);
    }
    return this.decoder;
  }
}
