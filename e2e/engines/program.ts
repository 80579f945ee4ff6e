/** A program that a test starts and ends: a browser, a driver, a screen. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export class Program {
  /** What it has written to standard output and standard error so far. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #name: string;
  #onLine: ((line: string) => void) | null = null;

  constructor(command: string, args: string[], env: Record<string, string | undefined> = {}) {
    this.#name = command;
    this.#child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface(stream).on('line', (line) => {
        this.lines.push(line);
        this.#onLine?.(line);
      });
    }
    // A test process that dies takes its programs along.
    process.once('exit', this.#kill);
  }

  /**
   * What the first group of a pattern matches in the first line that has it.
   * @throws when the program ends before, or writes no such line within half a minute
   */
  async said(pattern: RegExp): Promise<string> {
    const line = new Promise<string>((resolve) => {
      const look = (line: string) => {
        const found = pattern.exec(line);
        if (found) resolve(found[1]);
      };
      this.lines.forEach(look);
      this.#onLine = look;
    });
    const failed = once(this.#child, 'exit', { signal: AbortSignal.timeout(30_000) }).then(
      () => 'ended before it was ready',
      (error: Error) => (error.name === 'AbortError' ? 'was not ready within 30 s' : error.message),
    );
    try {
      return await Promise.race([line, failed.then((how) => this.#fail(how))]);
    } finally {
      this.#onLine = null;
    }
  }

  /** Ends it and waits until it has ended. */
  async stop(): Promise<void> {
    process.off('exit', this.#kill);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }

  #fail(how: string): never {
    throw new Error(`${this.#name} ${how}:\n${this.lines.join('\n')}`);
  }

  readonly #kill = (): void => {
    this.#child.kill();
  };
}
