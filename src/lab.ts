/**
 * The Comlink client: starts the worker that runs the model and hands out its lab. A connection dies with its worker:
 * calls that are under way then reject, and the owner is told, so that it can connect anew.
 */
import { proxy, wrap } from 'comlink';
import type { Lab } from '../workers/contract.ts';
import { tellOtherTabs } from './otherTabs.ts';

/** The lab without onLost: the connection itself listens for that. */
export type LabCalls = Omit<Lab, 'onLost'>;

export interface LabConnection {
  lab: LabCalls;
  /** Ends the worker; calls that are under way reject with an AbortError. */
  close(): void;
}

export type ConnectLab = (onCrash: (message: string) => void) => LabConnection;

const NOT_LOADED = 'The part of this page that runs the model could not be loaded. Reload the page to try again.';
const TOO_OLD = 'This browser cannot run the model, because it knows no modules in workers: use a newer one.';
const STOPPED = Object.assign(new Error('Stopped.'), { name: 'AbortError' });

/** What a worker's error event means: without a message its script did not come. */
function failure(message: string): string {
  if (!message) return NOT_LOADED;
  // Of a script that others can read: here it was taken for no module.
  if (message.includes('SyntaxError')) return TOO_OLD;
  return `The part of this page that runs the model has failed: ${message.replace(/\.?$/, '.')}`;
}

export const connectLab: ConnectLab = (onCrash) => {
  if (typeof Worker === 'undefined') throw new Error(TOO_OLD);
  const worker = new Worker(new URL('../workers/lab.worker.ts', import.meta.url), { type: 'module' });
  const remote = wrap<Lab>(worker);
  const waiting = new Set<(error: Error) => void>();
  let open = true;

  const end = (error: Error) => {
    open = false;
    worker.terminate();
    for (const reject of waiting) reject(error);
  };
  const crash = (message: string) => {
    if (!open) return;
    end(STOPPED);
    onCrash(message);
  };
  worker.addEventListener('error', ({ message }) => crash(failure(message)));

  /** A terminated worker never answers, so every call also hears the end of the connection. */
  const call = <T>(answer: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!open) return reject(STOPPED);
      waiting.add(reject);
      answer.then(resolve, reject).finally(() => waiting.delete(reject));
    });

  /** Functions that are handed over are called back from the worker. */
  const crossing = (argument: unknown) => (typeof argument === 'function' ? proxy(argument as () => void) : argument);
  const calls = new Proxy({} as LabCalls, {
    get: (_, name) => {
      if (name === 'then') return undefined; // an object that can be awaited would be
      if (name === 'start') return start;
      const method = remote[name as keyof LabCalls] as unknown as (...values: unknown[]) => Promise<unknown>;
      return async (...values: unknown[]) => {
        const answer = await call(method(...values.map(crossing)));
        tellOtherTabs(name as keyof LabCalls);
        return answer;
      };
    },
  });
  const start: LabCalls['start'] = async (wish) => {
    const device = await call(remote.start(wish));
    await call(remote.onLost(proxy(crash)));
    return device;
  };

  return {
    lab: calls,
    close: () => {
      if (open) end(STOPPED);
    },
  };
};
