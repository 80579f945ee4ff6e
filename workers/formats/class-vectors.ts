/**
 * The vectors of classes that a picture may begin with. In memory they are the last rows of wte, so that a class is an input
 * like any other; in files a tensor of their own beside Hugging Face's layout, which fixes the rows of wte at vocab_size:
 * a program that knows no classes has a whole model without it. As tools/pretrain/folder.py writes them.
 */
import { type Config, type ParameterShape, parameterShapes, type Weights } from '../igpt/config.ts';

const WTE = 'transformer.wte.weight';
const WCE = 'transformer.wce.weight';

/** Every parameter as files have it, first to last. */
export function fileShapes(config: Config): ParameterShape[] {
  const { n_embd, n_colours, n_starts } = config;
  const shapes = parameterShapes(config);
  if (!n_starts) return shapes;
  const tensor = (name: string, rows: number) => ({ name, shape: [rows, n_embd], optional: false });
  return shapes.flatMap((one) => (one.name === WTE ? [tensor(WTE, n_colours + 1), tensor(WCE, n_starts)] : [one]));
}

/** What a file gets of parameters as they are in memory; wte may be missing. */
export function parted(config: Config, values: Weights): Weights {
  const whole = values.get(WTE);
  if (!config.n_starts || !whole) return values;
  const own = (config.n_colours + 1) * config.n_embd;
  return new Map([...values, [WTE, whole.subarray(0, own)], [WCE, whole.subarray(own)]]);
}

/** The same the other way round. */
export function joined(config: Config, values: Weights): Weights {
  const [wte, wce] = [values.get(WTE), values.get(WCE)];
  if (!config.n_starts || !wte || !wce) return values;
  const whole = new Float32Array(wte.length + wce.length);
  whole.set(wte);
  whole.set(wce, wte.length);
  const kept = [...values].filter(([name]) => name !== WCE);
  return new Map(kept.map(([name, array]) => [name, name === WTE ? whole : array]));
}
