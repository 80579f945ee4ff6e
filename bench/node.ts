/** Runs one suite in Node on Dawn; started by processes.ts. */
import { openDawn } from '../workers/engine/dawn.ts';
import { sentence } from './measure.ts';
import type { Message } from './page/main.ts';
import type { Peer } from './platform.ts';

const say = (message: Message) => new Promise((resolve) => process.send!(message, undefined, {}, resolve));

/** onnxruntime-web offers Node its WebAssembly build only. */
const PEERS: Record<Peer, () => Promise<unknown>> = {
  jax: () => import('@jax-js/jax' as string),
  'ort-webgpu': async () => {
    throw new Error('onnxruntime-web has no WebGPU build for Node.');
  },
  'ort-wasm': () => import('onnxruntime-web' as string),
};

/** jax-js uses iterator helpers (ES2025), which Node has from 22 on, and asks for the browser's name. */
function likeBrowser(gpu: GPU | undefined): void {
  const navigator = { gpu, userAgent: 'Node', hardwareConcurrency: 1 };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  iterator.map ??= function* (this: Iterable<unknown>, f: (x: unknown) => unknown) {
    for (const x of this) yield f(x);
  };
  iterator.filter ??= function* (this: Iterable<unknown>, f: (x: unknown) => boolean) {
    for (const x of this) if (f(x)) yield x;
  };
}

try {
  const opened = await openDawn(); // sets the globals and the driver
  if ('missing' in opened) throw new Error(opened.missing);
  opened.device.destroy();
  const { create } = await import('webgpu');
  const gpu = create([]);
  likeBrowser(gpu);
  // tfjs registers its WebGPU backend on import, and only where navigator.gpu is there already.
  const { runJob } = await import('./suites/index.ts');
  const platform = {
    env: `Node ${process.versions.node.split('.')[0]}, Dawn`,
    gpu,
    wasm: {},
    threads: 1,
    load: (peer: Peer) => PEERS[peer](),
  };
  await runJob(
    JSON.parse(process.argv[2]),
    platform,
    (row) => void say({ row }),
    (log) => void say({ log }),
  );
  await say({ done: true });
} catch (error) {
  await say({ failure: sentence(error) });
}
// Dawn keeps Node alive.
process.exit();
