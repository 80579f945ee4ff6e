/** A model whose features pictures are compared by, whatever model drew them. */
import { decodeTokens, encodePixels } from '../data/palette.ts';
import { reducePictures } from '../data/reduce.ts';
import { type Config, sideOf } from '../igpt/config.ts';
import type { Features } from '../igpt/features.ts';
import { collectFeatures } from '../probe/collect.ts';
import type { EvaluationWork } from './work.ts';

/** What tokens stand for. */
export interface Reduction {
  side: number;
  /** In [-1, 1], [colours × 3]. */
  palette: Float32Array;
  /** The same colours as RGB bytes. */
  bytes: Uint8Array;
}

export class Ruler {
  readonly width: number;
  private readonly isSame: boolean;

  /** @param of what the pictures are tokens of @param own what the model takes */
  constructor(
    private readonly features: Features,
    readonly layer: number,
    private readonly of: Reduction,
    private readonly own: Pick<Reduction, 'side' | 'palette'>,
  ) {
    this.width = features.width;
    this.isSame =
      of.side === own.side &&
      of.palette.length === own.palette.length &&
      of.palette.every((c, i) => c === own.palette[i]);
  }

  /** Features of pictures, tokens [n, pixels]: [n, width]. onDone hears how many have been through. */
  async rows(tokens: Int16Array, work: EvaluationWork, onDone: (done: number) => void): Promise<Float32Array> {
    const { signal, piece } = work;
    const watched = {
      signal,
      piece,
      onProgress: (progress: { stage: string; done?: number }) => onDone(progress.done ?? 0),
    };
    const found = await collectFeatures(this.features, this.translated(tokens), [this.layer], watched);
    return found.get(this.layer)!;
  }

  private translated(tokens: Int16Array): Int16Array {
    if (this.isSame) return tokens;
    const pixels = reducePictures(decodeTokens(tokens, this.of.bytes), this.of.side, this.own.side);
    return encodePixels(pixels, this.own.palette);
  }

  dispose(): void {
    this.features.dispose();
  }
}

/** Where a linear probe usually tells classes apart best. */
export const middleLayer = ({ n_layer }: Config): number => Math.floor(n_layer / 2);

export const reductionOf = (config: Config, palette: Float32Array, bytes: Uint8Array): Reduction => ({
  side: sideOf(config),
  palette,
  bytes,
});
