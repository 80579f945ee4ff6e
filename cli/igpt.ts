/**
 * The command line: the worker's code in Node.
 *
 *   npm run --silent igpt -- <command> [options]
 *
 * Results go to standard output (with --json as one JSON object), logs to standard error; a failure ends with one
 * clear line and a non-zero exit. `--help` alone lists the commands, behind one of them its options.
 */
import { register } from 'node:module';
import { BadInput } from '../workers/errors.ts';

register('./shaders.mjs', import.meta.url);

interface Command {
  /** What it does, in half a sentence. */
  about: string;
  usage: string;
  run(args: string[]): Promise<void>;
}

/** Loaded when they are named: the engine's shaders cannot be imported before the line above. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  train: () => import('./train.ts'),
  score: () => import('./score.ts'),
  complete: () => import('./complete.ts'),
  evaluate: () => import('./evaluate.ts'),
  probe: () => import('./probe.ts'),
  classify: () => import('./classify.ts'),
  export: () => import('./export.ts'),
};

const HELP = ['--help', '-h'];

async function main([name, ...args]: string[]): Promise<void> {
  if (name !== undefined && HELP.includes(name)) return console.log(await everyCommand());
  const load = COMMANDS[name ?? ''];
  if (!load)
    throw new BadInput(`${name ? `There is no command ${name}.` : 'Name a command.'}\n${await everyCommand()}`);
  const command = await load();
  if (args.some((arg) => HELP.includes(arg))) return console.log(told(command));
  try {
    await command.run(args);
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) throw new BadInput(`${error.message}\n${told(command)}`);
    throw error;
  }
}

async function everyCommand(): Promise<string> {
  return (await Promise.all(Object.values(COMMANDS).map((load) => load()))).map(told).join('\n');
}

const told = ({ usage, about }: Command): string => `  igpt ${usage}\n      ${about}`;

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error instanceof BadInput ? error.message : error);
    process.exit(1);
  },
);
