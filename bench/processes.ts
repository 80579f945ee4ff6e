/** Runs suites in Node on Dawn, each in a fresh process. */
import { fork } from 'node:child_process';
import { nodeEnv } from './adapter.ts';
import type { Options } from './options.ts';
import type { Message } from './page/main.ts';
import type { Runner } from './runner.ts';

/** `entry`: the bundle of node.ts. */
export function openNode(options: Options, entry: string): Runner {
  return {
    run: (job, hear, milliseconds) =>
      new Promise((resolve, reject) => {
        // Standard output belongs to the rows, so whatever the libraries print goes to standard error.
        const child = fork(entry, [JSON.stringify(job)], {
          env: nodeEnv(options),
          execArgv: [],
          stdio: ['ignore', 2, 2, 'ipc'],
        });
        const timer = setTimeout(() => {
          child.kill('SIGKILL');
          reject(new Error('its time was over.'));
        }, milliseconds);
        child.on('message', (message: Message) => {
          if ('done' in message) resolve();
          else if ('failure' in message) reject(new Error(message.failure));
          else hear(message);
        });
        child.on('exit', (code, signal) => {
          clearTimeout(timer);
          reject(new Error(`the process ended early (${signal ?? code}).`)); // nothing, once it is settled
        });
      }),
    close: async () => {},
  };
}
