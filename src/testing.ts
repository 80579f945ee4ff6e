/** Shared by tests of the page: a device, and a worker whose answers and callbacks the test controls. */
import { expose } from 'comlink';
import { vi } from 'vitest';
import type { DeviceReport, Lab } from '../workers/contract.ts';

/** What a worker reports that runs on WebAssembly. */
export const DEVICE: DeviceReport = {
  backend: 'wasm',
  adapter: 'Test',
  reason: '',
  training: { backend: 'wasm', reason: '', f16: false },
  software: false,
  features: [],
  limits: {},
};

/** A function that came along with a call: the worker's end of it. */
type Heard = (...values: unknown[]) => Promise<unknown>;

export interface Call {
  name: keyof Lab;
  functions: Heard[];
  answer: (value: unknown) => void;
}

/**
 * Stands for the worker of the page, in this very thread: `vi.stubGlobal('Worker', StubWorker)`. It keeps what it is asked. What it
 * had in the post when it was terminated is still delivered, as in a browser whose page is busy.
 */
export class StubWorker extends EventTarget {
  /** The one that was started last. */
  static last: StubWorker;
  /** What is answered at once, by the name of the call. */
  static answers: { [name in keyof Lab]?: unknown } = {};

  readonly calls: Call[] = [];
  terminated = false;
  private readonly port: MessagePort;

  constructor() {
    super();
    StubWorker.last = this;
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent('message', { data }));
    const called = (name: keyof Lab, values: unknown[]) =>
      new Promise((answer) => {
        const functions = values.filter((value) => typeof value === 'function') as Heard[];
        this.calls.push({ name, functions, answer });
        if (name in StubWorker.answers) answer(StubWorker.answers[name]);
      });
    const lab = new Proxy(
      {},
      {
        get:
          (_, name: keyof Lab) =>
          (...values: unknown[]) =>
            called(name, values),
      },
    );
    expose(lab, port2);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
  }

  /** An error that nobody catches. */
  fail(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
  }

  /** The first call of this name, as soon as there is one. */
  async called(name: keyof Lab): Promise<Call> {
    await vi.waitUntil(() => this.calls.some((call) => call.name === name));
    return this.calls.find((call) => call.name === name)!;
  }
}

/** Longer than a message takes. */
export const delivered = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
