/** The command line of bench/alone.ts. */
import { type Config, PRESETS, type PresetName, presetConfig } from '../../workers/igpt/config.ts';

export const PARTS = ['products', 'training', 'decoding', 'profile'] as const;
export type Part = (typeof PARTS)[number];

export type Precision = 'f32' | 'f16';

export interface Size {
  /** As it was asked for, e.g. small-32-b8. */
  name: string;
  config: Config;
  /** Pictures of a training step. */
  batch: number;
}

export interface Options {
  parts: Part[];
  sizes: Size[];
  precisions: Precision[];
  /** Sides of the square matrices of `products`. */
  squares: number[];
  /** Variants that are decoded side by side. */
  variants: number;
  /** Seconds that a figure is measured for, after its warm-up. */
  seconds: number;
  json: boolean;
}

export const USAGE = `npx tsx bench/alone.ts [options]
  --parts A,B        of ${PARTS.join(', ')} (all)
  --sizes A,B        preset, side and pictures of a training step (small-32-b8)
  --precisions A,B   of f32, f16 (both, where the device has f16)
  --squares A,B      sides of the square matrices of products (1024,2048,4096)
  --variants N       pictures that are completed side by side (8)
  --seconds N        that a figure is measured for (1)
  --json             a JSON object a line for each figure, as it is made, instead of a table at the end`;

/** Throws with one sentence for what it does not know. */
export function parse(args: string[]): Options {
  const options: Options = {
    parts: [...PARTS],
    sizes: [sizeOf('small-32-b8')],
    precisions: ['f32', 'f16'],
    squares: [1024, 2048, 4096],
    variants: 8,
    seconds: 1,
    json: false,
  };
  const rest = [...args];
  const list = (option: string): string[] => {
    const value = rest.shift();
    if (!value) throw new Error(`${option} needs a value.\n${USAGE}`);
    return value.split(',');
  };
  const some = <T extends string>(option: string, allowed: readonly T[]): T[] =>
    list(option).map((word) => {
      if (!allowed.includes(word as T)) throw new Error(`${option} takes ${allowed.join(', ')}, not ${word}.`);
      return word as T;
    });
  const numbers = (option: string): number[] =>
    list(option).map((word) => {
      if (!(Number(word) > 0)) throw new Error(`${option} takes numbers above 0, not ${word}.`);
      return Number(word);
    });
  while (rest.length > 0) {
    const option = rest.shift()!;
    if (option === '--json') options.json = true;
    else if (option === '--parts') options.parts = some(option, PARTS);
    else if (option === '--precisions') options.precisions = some(option, ['f32', 'f16']);
    else if (option === '--sizes') options.sizes = list(option).map(sizeOf);
    else if (option === '--squares') options.squares = numbers(option);
    else if (option === '--variants') [options.variants] = numbers(option);
    else if (option === '--seconds') [options.seconds] = numbers(option);
    else throw new Error(`There is no option ${option}.\n${USAGE}`);
  }
  return options;
}

/** Throws for what is no size. */
export function sizeOf(name: string): Size {
  const [, preset, side, batch] = /^([a-z-]+)-(\d+)-b(\d+)$/.exec(name) ?? [];
  if (!(preset in PRESETS)) {
    const known = Object.keys(PRESETS).join(', ');
    throw new Error(`A size has a preset (${known}), a side and a batch, as in small-32-b8: ${name} is none.`);
  }
  return { name, config: presetConfig(preset as PresetName, Number(side)), batch: Number(batch) };
}
