/**
 * The Comlink client: starts the worker that runs the model and hands out its lab. A connection dies with its worker:
 * calls that are under way then reject, what the worker has still in the post reaches nobody, and the owner is told, so
 * that it can connect anew.
 */
import { expose, finalizer, transferHandlers, wrap } from 'comlink';
import type { DeviceReport, Lab } from '../workers/contract.ts';
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

/** A function of the page that is handed to a worker: the port through which the worker calls it. */
class Callback {
  constructor(readonly port: MessagePort) {}
}

// It takes the place of Comlink's own handler, so that the worker needs no counterpart. That one makes the ports itself and
// keeps the page's end, which nobody could close.
transferHandlers.set('proxy', {
  ...transferHandlers.get('proxy')!,
  canHandle: (value): value is Callback => value instanceof Callback,
  serialize: ({ port }: Callback) => [port, [port]],
});

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
  /** The page's ends of the ports of callbacks. */
  const ports = new Set<MessagePort>();
  let open = true;

  const end = (error: Error) => {
    open = false;
    worker.terminate();
    for (const reject of waiting) reject(error);
    for (const port of ports) port.close();
    ports.clear();
  };
  const crash = (message: string) => {
    if (!open) return;
    end(STOPPED);
    onCrash(message);
  };
  worker.addEventListener('error', ({ message }) => crash(failure(message)));

  /** Rejects at the end of the connection, because a terminated worker never answers. */
  const call = <T>(ask: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!open) return reject(STOPPED);
      waiting.add(reject);
      ask()
        .then(resolve, reject)
        .finally(() => waiting.delete(reject));
    });

  /**
   * The worker may call a function of the page until the connection ends. Messages that it posted before, while the page
   * was busy, are delivered after that end, and would be taken for those of the next worker.
   */
  const crossing = (argument: unknown) => {
    if (typeof argument !== 'function') return argument;
    const { port1, port2 } = new MessageChannel();
    const heard = (...values: unknown[]) => {
      if (open) argument(...values);
    };
    // Comlink closes the port by itself once the worker has let go of the function.
    expose(Object.assign(heard, { [finalizer]: () => ports.delete(port1) }), port1);
    ports.add(port1);
    return new Callback(port2);
  };

  /** Calls a method of the worker's lab. */
  const ask = (name: keyof Lab, ...values: unknown[]): Promise<unknown> => {
    const method = remote[name] as unknown as (...values: unknown[]) => Promise<unknown>;
    return call(() => method(...values.map(crossing)));
  };

  const start: LabCalls['start'] = async (...wishes) => {
    const device = await ask('start', ...wishes);
    await ask('onLost', crash);
    return device as DeviceReport;
  };
  const calls = new Proxy({} as LabCalls, {
    get: (_, name: keyof LabCalls | 'then') => {
      if (name === 'then') return undefined; // an object that can be awaited would be
      if (name === 'start') return start;
      return async (...values: unknown[]) => {
        const answer = await ask(name, ...values);
        tellOtherTabs(name);
        return answer;
      };
    },
  });

  return {
    lab: calls,
    close: () => {
      if (open) end(STOPPED);
    },
  };
};
