/**
 * Golden results that this project's TypeScript had no part in: random models evaluated in float64 by transformers' ImageGPT
 * (tools/fixtures/make.py says how) and, where pictures begin with classes, by tools/pretrain (make_classes.py). For tests.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModelFolder } from '../formats/huggingface.ts';

interface Golden {
  tokens: number[][];
  nats_per_pixel: number[];
  nll: number[][];
  logits_first_4_positions: number[][][];
  /** [pictures][layers + 1][width] */
  probe_features: number[][][];
  /** Where the model knows classes, one that each picture may begin with, and its nats when it does. */
  starts?: number[];
  nll_by_class?: number[][];
}

const own = fileURLToPath(new URL('./fixtures/', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared/fixtures/', import.meta.url));

/** Names and places of the model folders that have golden results. */
export const goldenFolders = [own, shared]
  .filter(existsSync)
  .flatMap((root) => readdirSync(root).map((name): [string, string] => [name, join(root, name)]));

export function readGolden(folder: string) {
  const golden: Golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'));
  const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
  const files = new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
  return { golden, ...readModelFolder(files) };
}
