/** Completes a drawing with the current model. */
import * as v from 'valibot';
import {
  type CompletionRequest,
  type CompletionResult,
  type CompletionUpdate,
  MAX_VARIANTS,
  type Sampling,
  UNKNOWN,
} from '../contract.ts';
import { BadInput } from '../errors.ts';
import { SOS } from '../igpt/config.ts';

/** As Decoder.decode() of igpt/decoder.ts. */
export type Decode = (
  tokens: Int16Array,
  sampling: Sampling,
  signal: AbortSignal,
) => AsyncGenerator<CompletionUpdate, number>;

const SamplingSchema = v.object({
  temperature: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  topK: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(512)),
  topP: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  variants: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_VARIANTS)),
  lookAhead: v.boolean(),
  starts: v.optional(v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(SOS))), v.minLength(1))),
});

/** @throws BadInput for settings out of range */
export function checkSampling(sampling: Sampling): Sampling {
  const checked = v.safeParse(SamplingSchema, sampling);
  if (checked.success) return checked.output;
  const issue = checked.issues[0];
  throw new BadInput(`The setting ${v.getDotPath(issue)} is out of range: ${issue.message}.`);
}

/**
 * Runs the decoder and times it. Throws BadInput for settings out of range, Aborted when the signal
 * says so.
 * @param cut takes fewer variants where memory does not do for all
 */
export async function complete(
  decoder: Decode,
  { tokens, sampling }: CompletionRequest,
  onUpdate: (update: CompletionUpdate) => void,
  signal: AbortSignal,
  cut: (sampling: Sampling) => Promise<Sampling> = async (wanted) => wanted,
): Promise<CompletionResult> {
  const fitting = await cut(checkSampling(sampling));
  const started = performance.now();
  const updates = decoder(tokens, fitting, signal);
  let step = await updates.next();
  while (!step.done) {
    onUpdate(step.value);
    step = await updates.next();
  }
  const seconds = (performance.now() - started) / 1000;
  const sampled = tokens.filter((t) => t === UNKNOWN).length * fitting.variants;
  return { seconds, tokensPerSecond: sampled / seconds, resampled: step.value };
}
