/** JSON that somebody else wrote: parsed, checked against a schema, and spoken of in one sentence when it is wrong. */

import * as v from 'valibot';
import { BadInput } from '../errors.ts';

const MAX_QUOTED = 80;

/** Text from a file, fit for a sentence: in quotes and not endless. */
export function clipped(text: string, quote = '"'): string {
  return `${quote}${text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text}${quote}`;
}

/**
 * The value that UTF-8 bytes of JSON stand for.
 * @throws BadInput with the given sentence if they are not JSON.
 */
export function parseJson(bytes: Uint8Array, otherwise: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new BadInput(otherwise);
  }
}

/** A number within bounds, for a sentence as readJson makes it. */
export const number = (min: number, max: number) => {
  const message = `must be a number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.minValue(min, message), v.maxValue(max, message));
};

/** A whole number within bounds. */
export const whole = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

/**
 * A JSON file's content as the schema has it. The schema's messages continue a sentence that begins with the name of
 * the entry, e.g. "must be a number".
 * @throws BadInput naming the file and the entry.
 */
export function readJson<S extends v.GenericSchema>(file: string, bytes: Uint8Array, schema: S): v.InferOutput<S> {
  const parsed = v.safeParse(schema, parseJson(bytes, `${file} is not JSON.`), { abortEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const path = v.getDotPath(issue);
  if (path === null) throw new BadInput(`${file} ${issue.message}.`);
  if (issue.input === undefined) throw new BadInput(`${file} lacks "${path}".`);
  const verb = issue.type.endsWith('length') ? 'has' : 'is';
  const found = clipped(issue.received ?? 'something else', '');
  throw new BadInput(`${file}: "${path}" ${issue.message}, but it ${verb} ${found}.`);
}
