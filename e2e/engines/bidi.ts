/** A connection that speaks WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/): commands out, answers and events back. */

import { once } from 'node:events';
import { WebSocket } from 'ws';

/** The parameters or the result of a command, as the specification names them. */
// biome-ignore lint/suspicious/noExplicitAny: The protocol's own types are larger than what is used of it.
type Fields = Record<string, any>;

type Message =
  | { type: 'success'; id: number; result: Fields }
  | { type: 'error'; id: number; error: string; message: string }
  | { type: 'event'; method: string; params: Fields };

interface Waiting {
  method: string;
  resolve: (result: Fields) => void;
  reject: (error: Error) => void;
}

export class BidiConnection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(method: string, params: Fields) => void>();
  #commands = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
    socket.on('close', () => {
      for (const { method, reject } of this.#waiting.values()) reject(new Error(`${method}: the browser has gone.`));
      this.#waiting.clear();
    });
  }

  static async open(address: string): Promise<BidiConnection> {
    const socket = new WebSocket(address);
    await once(socket, 'open');
    return new BidiConnection(socket);
  }

  /** @throws with the browser's words when it refuses */
  send(method: string, params: Fields): Promise<Fields> {
    const id = ++this.#commands;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Calls back with each event that is subscribed to. Returns an unsubscribe function. */
  listen(onEvent: (method: string, params: Fields) => void): () => void {
    this.#listeners.add(onEvent);
    return () => this.#listeners.delete(onEvent);
  }

  close(): void {
    this.#socket.close();
  }

  #receive(message: Message): void {
    if (message.type === 'event') {
      for (const onEvent of this.#listeners) onEvent(message.method, message.params);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'success') waiting?.resolve(message.result);
    else waiting?.reject(new Error(`${waiting.method}: ${message.error}: ${message.message}`));
  }
}
