/** Pictures that a model draws from nothing, as they come. */
import { type CompletionUpdate, MAX_VARIANTS, type Sampling, UNKNOWN } from '../contract.ts';
import { Aborted, BadInput } from '../errors.ts';
import { SOS } from '../igpt/config.ts';
import { pcg3d } from '../igpt/random.ts';
import { NOT_FINITE } from './likelihood.ts';
import { type EvaluationWork, pieceOf, progressOf } from './work.ts';

/** As igpt/decode.ts, for one model. */
export type Decode = (
  tokens: Int16Array,
  sampling: Sampling,
  signal: AbortSignal,
) => AsyncGenerator<CompletionUpdate, number>;

/** Names this use of the seed. */
const PURPOSE = 0x5a3e;

/**
 * `count` pictures, [count, pixels]; onDrawn hears how many of them are whole. The first `atOnce`
 * are those that completing an empty picture gives with this seed. `starts` has what they begin
 * with, in turn.
 */
export async function drawSamples(
  decode: Decode,
  pixels: number,
  count: number,
  settings: Pick<Sampling, 'temperature' | 'topK' | 'topP' | 'seed'>,
  work: EvaluationWork,
  onDrawn: (tokens: Int16Array) => void = () => {},
  starts: ArrayLike<number> = [SOS],
  atOnce = MAX_VARIANTS,
): Promise<Int16Array> {
  const pictures = new Int16Array(count * pixels);
  const tell = progressOf(work, 'samples', count);
  tell(0);
  const signal = work.signal ?? new AbortController().signal;
  for (let first = 0; first < count; first += atOnce) {
    const variants = Math.min(atOnce, count - first);
    const seed = first === 0 ? settings.seed : pcg3d(settings.seed, first, PURPOSE);
    const begun = Array.from({ length: variants }, (_, v) => starts[(first + v) % starts.length]);
    const sampling: Sampling = { ...settings, seed, variants, lookAhead: false, starts: begun };
    const rows = decode(new Int16Array(pixels).fill(UNKNOWN), sampling, signal);
    try {
      for (let row = await pieceOf(work, () => rows.next()); !row.done; ) {
        const { from, to, tokens, nll } = row.value;
        if (!nll.every(Number.isFinite)) throw new BadInput(NOT_FINITE);
        const width = to - from;
        for (let v = 0; v < variants; v++) {
          pictures.set(tokens.subarray(v * width, (v + 1) * width), (first + v) * pixels + from);
        }
        tell(first + (variants * to) / pixels);
        row = await pieceOf(work, () => rows.next());
      }
    } catch (error) {
      await rows.return(0);
      throw signal.aborted ? new Aborted() : error;
    }
    onDrawn(pictures.subarray(0, (first + variants) * pixels));
  }
  return pictures;
}
