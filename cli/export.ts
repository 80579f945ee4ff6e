/** `igpt export`: writes a model anew as a Hugging Face folder, or as a zip archive of one, in full or half precision. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BadInput } from '../workers/errors.ts';
import { modelArchive } from '../workers/formats/archive.ts';
import { writeModelFolder } from '../workers/formats/huggingface.ts';
import { needed, print, readFolder } from './options.ts';

export const about = 'writes a model anew as a Hugging Face folder, or as a zip archive of one';
export const usage = 'export --model DIR --out DIR|FILE.zip [--dtype F32|F16] [--json]';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      out: { type: 'string' },
      dtype: { type: 'string', default: 'F32' },
      json: { type: 'boolean', default: false },
    },
  });
  const { dtype } = values;
  if (dtype !== 'F32' && dtype !== 'F16') throw new BadInput(`--dtype is F32 or F16, not ${dtype}.`);
  const folder = needed(values.model, 'model');
  const out = resolve(needed(values.out, 'out'));
  const model = await readFolder(folder);
  const files = /\.zip$/i.test(out)
    ? [[out, new Uint8Array(await modelArchive(model, dtype, basename(out, '.zip')).arrayBuffer())] as const]
    : [...writeModelFolder(model, dtype)].map(([name, bytes]) => [join(out, name), bytes] as const);
  try {
    for (const [path, bytes] of files) {
      await mkdir(resolve(path, '..'), { recursive: true });
      await writeFile(path, bytes);
    }
  } catch {
    throw new BadInput(`${out} cannot be written.`);
  }
  const bytes = files.reduce((sum, [, { length }]) => sum + length, 0);
  print(values.json, { out, dtype, bytes }, [`${out}: ${bytes.toLocaleString('en')} bytes in ${dtype}.`]);
}
