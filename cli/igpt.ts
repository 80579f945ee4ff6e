/**
 * The command line: the worker's code in Node.
 *
 *   npm run --silent igpt -- <command> [options]
 *
 * Results go to standard output (with --json as one JSON object), logs to standard error; a failure ends with one
 * clear line and a non-zero exit.
 */
import { register } from 'node:module';
import { BadInput } from '../workers/errors.ts';

register('./shaders.mjs', import.meta.url);

interface Command {
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

async function main([name, ...args]: string[]): Promise<void> {
  const load = COMMANDS[name ?? ''];
  if (!load) {
    const commands = await Promise.all(Object.values(COMMANDS).map((one) => one()));
    const lines = commands.map(({ usage }) => `  igpt ${usage}`);
    throw new BadInput(`${name ? `There is no command ${name}.` : 'Name a command.'}\n${lines.join('\n')}`);
  }
  const command = await load();
  try {
    await command.run(args);
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) throw new BadInput(`${error.message}\n  igpt ${command.usage}`);
    throw error;
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error instanceof BadInput ? error.message : error);
    process.exit(1);
  },
);
