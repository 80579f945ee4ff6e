/** Exposes the lab through Comlink, once in a worker: two labs would do every call twice, each with files of its own. */
import * as Comlink from 'comlink';
import type { Lab } from '../contract.ts';

const EXPOSED = Symbol.for('image-gpt.lab');

/** Reports on the console, and creates nothing, where this worker has a lab already. */
export function exposeOnce(create: () => Lab, scope: object = globalThis): void {
  if (EXPOSED in scope) {
    console.error('This worker has a lab already: its script was run a second time.');
    return;
  }
  Object.assign(scope, { [EXPOSED]: true });
  Comlink.expose(create(), scope as Comlink.Endpoint);
}
