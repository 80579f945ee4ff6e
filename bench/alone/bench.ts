/** What the parts of the bench share. */
import type { OpenDevice } from '../../workers/engine/device.ts';
import { type Config, parameterShapes, type Weights } from '../../workers/igpt/config.ts';
import { uniform } from '../../workers/igpt/random.ts';
import type { Place, Row } from '../rows.ts';
import type { Trouble } from '../sides/devices.ts';
import type { Options } from './options.ts';

export interface Bench {
  open: OpenDevice & { trouble: Trouble };
  place: Place;
  options: Options;
  emit: (row: Row) => void;
}

/** Numbers that are drawn anew before they are repeated. */
const DRAWN = 2 ** 16;

/** Weights of about the size of untrained ones, made quickly: their numbers repeat. Nothing here depends on what they are. */
export function someWeights(config: Config): Weights {
  const drawn = Float32Array.from({ length: DRAWN }, (_, i) => 0.08 * (uniform(1, 0, i) - 0.5));
  return new Map(
    parameterShapes(config)
      .filter(({ optional }) => !optional)
      .map(({ name, shape }) => {
        const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
        if (/\.ln_[12f]\.weight$/.test(name)) values.fill(1);
        else for (let at = 0; at < values.length; at += DRAWN) values.set(drawn.subarray(0, values.length - at), at);
        return [name, values];
      }),
  );
}
