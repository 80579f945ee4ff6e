/** The command line of `npm run bench`. */

export interface Options {
  json: boolean;
  quick: boolean;
  /** Only the row of this name. */
  only?: string;
  size: 'xs' | 'small';
  /** Which adapter Chromium and Dawn are to take; auto: a real one when there is one. */
  adapter: 'auto' | 'gpu' | 'software';
  env: 'both' | 'chromium' | 'node';
}

export const USAGE = `npm run bench -- [options]
  --json                       one JSON object {rows: [...]} on standard output
  --quick                      fewer samples; ends within three minutes
  --only NAME                  one row, e.g. train-xs-vs-jaxjs
  --size xs|small              the model's size (xs)
  --adapter auto|gpu|software  auto takes a real GPU when there is one
  --env both|chromium|node     where to run`;

/** Throws with one sentence for what it does not know. */
export function parse(args: string[]): Options {
  const options: Options = { json: false, quick: false, size: 'xs', adapter: 'auto', env: 'both' };
  const rest = [...args];
  const oneOf = <T extends string>(option: string, allowed: readonly T[]): T => {
    const value = rest.shift() as T;
    if (!allowed.includes(value))
      throw new Error(`${option} is one of ${allowed.join(', ')}, not ${value ?? 'missing'}.`);
    return value;
  };
  while (rest.length > 0) {
    const option = rest.shift()!;
    if (option === '--json') options.json = true;
    else if (option === '--quick') options.quick = true;
    else if (option === '--only') options.only = rest.shift();
    else if (option === '--size') options.size = oneOf(option, ['xs', 'small']);
    else if (option === '--adapter') options.adapter = oneOf(option, ['auto', 'gpu', 'software']);
    else if (option === '--env') options.env = oneOf(option, ['both', 'chromium', 'node']);
    else throw new Error(`The bench knows no option ${option}.\n${USAGE}`);
  }
  return options;
}
