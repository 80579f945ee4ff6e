/** `igpt complete`: keeps the first pixels of a picture, or nothing, and lets the model draw the rest, several times. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { MAX_VARIANTS, UNKNOWN } from '../workers/contract.ts';
import { BadInput } from '../workers/errors.ts';
import { complete } from '../workers/lab/complete.ts';
import { Decoding } from '../workers/lab/decoding.ts';
import { needed, openFolder, print, readTokens, start, startNamed, wholeNumber } from './options.ts';
import { sheet } from './sheet.ts';

export const about = 'keeps the first pixels of a picture, or none, and lets the model draw the rest, several times';
export const usage =
  'complete --model DIR [--images FILE.bin --index I --keep P] --variants N --seed S --out PNG [--temperature T] [--top-k K] [--top-p P] [--look-ahead] [--class NAME] [--backend wasm|webgpu|cpu] [--json]';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      images: { type: 'string' },
      index: { type: 'string', default: '0' },
      keep: { type: 'string' },
      variants: { type: 'string', default: '8' },
      seed: { type: 'string', default: '1' },
      temperature: { type: 'string', default: '1' },
      'top-k': { type: 'string', default: '0' },
      'top-p': { type: 'string', default: '1' },
      'look-ahead': { type: 'boolean', default: false },
      class: { type: 'string' },
      out: { type: 'string' },
      backend: { type: 'string', default: 'wasm' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = needed(values.model, 'model');
  const variants = wholeNumber(values.variants, 'variants', 1);
  if (variants > MAX_VARIANTS) throw new BadInput(`--variants goes to ${MAX_VARIANTS}, not ${variants}.`);
  const backend = await start(values.backend);
  const { adapter } = backend.report;
  const model = await openFolder(folder);
  const T = model.info.side ** 2;
  const half = values.images === undefined ? 0 : T / 2;
  const keep = values.keep === undefined ? half : wholeNumber(values.keep, 'keep');
  if (keep > T) throw new BadInput(`--keep goes to ${T} for this model, not ${keep}.`);
  const images = keep > 0 ? needed(values.images, 'images') : values.images;
  const index = wholeNumber(values.index, 'index');
  const original = images === undefined ? [] : Array.from((await readTokens(images, model, index, 1)).tokens);

  const tokens = Array.from({ length: variants }, () => new Array<number>(T).fill(UNKNOWN));
  const surprise = tokens.map(() => new Array<number>(T).fill(0));
  const sampling = {
    temperature: Number(values.temperature),
    topK: wholeNumber(values['top-k'], 'top-k'),
    topP: Number(values['top-p']),
    seed: wholeNumber(values.seed, 'seed'),
    variants,
    lookAhead: values['look-ahead'],
    starts: [startNamed(model, values.class)],
  };
  const decoding = new Decoding({ config: model.gpt.config, weights: model.weights }, backend.decoding);
  const { seconds, tokensPerSecond } = await complete(
    (...args) => decoding.decode(...args),
    { tokens: Int16Array.from({ length: T }, (_, i) => (i < keep ? original[i] : UNKNOWN)), sampling },
    ({ from, to, ...update }) => {
      for (let v = 0; v < variants; v++) {
        for (let i = from; i < to; i++) {
          tokens[v][i] = update.tokens[v * (to - from) + i - from];
          surprise[v][i] = update.nll[v * (to - from) + i - from];
        }
      }
    },
    new AbortController().signal,
  );
  const bits = surprise.map((s) => s.slice(keep).reduce((a, b) => a + b, 0) / Math.max(1, T - keep) / Math.LN2);
  if (values.out) {
    const png = sheet([...(images === undefined ? [] : [original]), ...tokens], model.info.side, model.info.palette);
    await writeFile(values.out, png).catch(() => {
      throw new BadInput(`The file ${values.out} cannot be written.`);
    });
  }
  print(
    values.json,
    {
      tokens,
      ...(images !== undefined && { original }),
      bits_per_pixel: bits,
      seconds,
      tokens_per_second: tokensPerSecond,
      ...(model.info.starts && { class: values.class ?? null }),
      adapter,
    },
    [
      ...tokens.map((t, v) => `variant ${v}: ${bits[v].toFixed(3)} bits/pixel\n${t.join(' ')}`),
      `${tokensPerSecond.toFixed(0)} tokens/s${values.out ? `; they are in ${values.out}` : ''}`,
    ],
  );
}
