/** The film of a completion: what was given, then the chosen pixels in the order in which the model chose them. */
import { UNKNOWN } from '../../../workers/contract.ts';

/** Frames that show new pixels; larger pictures show several at a time. */
const MOST_FRAMES = 128;

export function filmFrames(given: Int16Array, tokens: Int16Array): Int16Array[] {
  const chosen = [...given.keys()].filter((i) => given[i] === UNKNOWN && tokens[i] !== UNKNOWN);
  const atOnce = Math.max(1, Math.ceil(chosen.length / MOST_FRAMES));
  const frames = [given];
  for (let from = 0; from < chosen.length; from += atOnce) {
    const frame = frames[frames.length - 1].slice();
    for (const i of chosen.slice(from, from + atOnce)) frame[i] = tokens[i];
    frames.push(frame);
  }
  return frames;
}
