/**
 * The command line: the worker's code in Node.
 *
 *   npm run --silent igpt -- <command> [options]
 *
 * Results go to standard output (with --json as one JSON object), logs to standard error; a failure ends with one
 * clear line and a non-zero exit.
 */
import { BadInput } from '../workers/errors.ts';
import * as complete from './complete.ts';
import * as probe from './probe.ts';
import * as score from './score.ts';

interface Command {
  usage: string;
  run(args: string[]): Promise<void>;
}

const COMMANDS: Record<string, Command> = { score, complete, probe };

async function main([name, ...args]: string[]): Promise<void> {
  const command = COMMANDS[name ?? ''];
  if (!command) {
    const lines = Object.values(COMMANDS).map((c) => `  igpt ${c.usage}`);
    throw new BadInput(`${name ? `There is no command ${name}.` : 'Name a command.'}\n${lines.join('\n')}`);
  }
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
