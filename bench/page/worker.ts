/** Runs a suite in the browser. */

import plainKernels from 'virtual:simd-kernels/plain.wasm?url';
import relaxedKernels from 'virtual:simd-kernels/relaxed.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { setKernels } from '../../workers/simd/kernels.ts';
import { sentence } from '../measure.ts';
import type { Peer, Platform } from '../platform.ts';
import { runJob } from '../suites/index.ts';
import type { Job } from '../suites/suite.ts';
import type { Message } from './main.ts';

const at = (path: string) => new URL(path, self.location.href).href;

/** As server.ts lays them out: each package's dist folder, untouched. */
const PEERS: Record<Peer, string> = {
  jax: '/peers/jax/index.js',
  'ort-webgpu': '/peers/ort/ort.webgpu.min.mjs',
  'ort-wasm': '/peers/ort/ort.wasm.min.mjs',
};

self.onmessage = async ({ data }: MessageEvent<Job & { env: string }>) => {
  const say = (message: Message) => self.postMessage(message);
  setKernels({ plain: at(plainKernels), relaxed: at(relaxedKernels) });
  const isolated = self.crossOriginIsolated;
  const platform: Platform = {
    env: `${data.env}, ${isolated ? 'cross-origin isolated' : 'not isolated'}`,
    gpu: navigator.gpu,
    wasm: {
      'tfjs-backend-wasm.wasm': at(plain),
      'tfjs-backend-wasm-simd.wasm': at(simd),
      'tfjs-backend-wasm-threaded-simd.wasm': at(simd),
    },
    threads: isolated ? navigator.hardwareConcurrency : 1,
    load: (peer, copy = 0) => import(/* @vite-ignore */ at(`${PEERS[peer]}?${copy}`)),
  };
  await runJob(
    data,
    platform,
    (row) => say({ row }),
    (log) => say({ log }),
  ).then(
    () => say({ done: true }),
    (error) => say({ failure: sentence(error) }),
  );
};
