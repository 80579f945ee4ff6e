/** Decoding in plain tfjs ops: the reference for the faster decoders, and the fallback where they cannot run. */
import type { CompletionUpdate, Sampling } from '../contract.ts';
import { decode } from './decode.ts';
import type { Decoder } from './decoder.ts';
import type { ImageGPT } from './reference.ts';

export class ReferenceDecoder implements Decoder {
  /** The model stays the caller's. */
  constructor(
    private readonly model: ImageGPT,
    readonly variants: number,
  ) {}

  decode(
    tokens: Int16Array,
    sampling: Sampling,
    signal: AbortSignal,
    breathe: () => Promise<void>,
  ): AsyncGenerator<CompletionUpdate, number> {
    return decode(this.model, tokens, sampling, signal, breathe);
  }

  dispose(): void {}
}
