/** Starts the lab in its worker: what a browser has to offer it, and where the files of the build lie. */
import shippedModels from 'virtual:shipped-models';
import plainKernels from 'virtual:simd-kernels/plain.wasm?url';
import relaxedKernels from 'virtual:simd-kernels/relaxed.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as database from 'idb-keyval';
import type { Memory } from '../compute/compute.ts';
import { filesHere } from '../storage/here.ts';
import { exposeOnce } from './expose-once.ts';
import { inOrder } from './in-order.ts';
import { createLab } from './lab.ts';

// In the build this script lies in assets/, in development in workers/: either way models/ is its neighbour's child.
const models = { address: new URL('../models/', self.location.href).href, files: shippedModels };
const cifar10 = new URL('../cifar10/', self.location.href).href;
const wasm = {
  'tfjs-backend-wasm.wasm': new URL(plain, self.location.href).href,
  'tfjs-backend-wasm-simd.wasm': new URL(simd, self.location.href).href,
  // Never loaded, since the lab does without threads, but tfjs insists on an entry.
  'tfjs-backend-wasm-threaded-simd.wasm': new URL(simd, self.location.href).href,
};
const kernels = {
  plain: new URL(plainKernels, self.location.href).href,
  relaxed: new URL(relaxedKernels, self.location.href).href,
};

/** Browsers that keep nothing throw at once where others reject. */
const memory: Memory = {
  get: async (key) => database.get(key),
  set: async (key, value) => database.set(key, value),
};
const here = filesHere();

exposeOnce(() => inOrder(createLab({ gpu: navigator.gpu, wasm, kernels, models, cifar10, files: () => here, memory })));
