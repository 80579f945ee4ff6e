/** `igpt classify`: how many pictures a model that was taught classes puts into the right one. */
import { parseArgs } from 'node:util';
import { BadInput } from '../workers/errors.ts';
import { classify } from '../workers/lab/classify.ts';
import { judge } from '../workers/probe/judge.ts';
import { readLabelled } from './labelled.ts';
import { needed, openFolder, print, start, wholeNumber } from './options.ts';

export const about = 'how many pictures a model that was taught classes puts into the right one';
export const usage = 'classify --model DIR --test FILES [--limit-test N] [--backend wasm|webgpu|cpu] [--json]';

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    // A shell writes `--test *.bin` out as one option and the rest of the files.
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      test: { type: 'string', multiple: true },
      'limit-test': { type: 'string' },
      backend: { type: 'string', default: 'wasm' },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = needed(values.model, 'model');
  const files = [needed(values.test?.[0], 'test'), ...values.test!.slice(1), ...positionals];
  const limit = values['limit-test'];

  const backend = await start(values.backend);
  const model = await openFolder(folder);
  const { classes } = model.info;
  const test = await readLabelled(files, model, limit === undefined ? undefined : wholeNumber(limit, 'limit-test', 1));
  if (classes && String(classes) !== String(test.classes)) {
    throw new BadInput('The pictures have other classes than the model was taught.');
  }
  const p = await classify(backend, model, test.tokens);
  const { accuracy, standardError } = judge(p, test.labels, test.classes.length);
  const percent = (share: number) => (100 * share).toFixed(2);
  print(
    values.json,
    {
      accuracy,
      standard_error: standardError,
      pictures: test.labels.length,
      classes,
      adapter: backend.report.adapter,
      data: test.reading,
    },
    [`${percent(accuracy)} ± ${percent(standardError)} % of ${test.labels.length} pictures are in the right class.`],
  );
}
