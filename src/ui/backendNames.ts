import type { BackendName } from '../../workers/contract.ts';

/** Backends as people know them. */
export const BACKEND_NAMES: Record<BackendName, string> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  cpu: 'Plain JavaScript',
};
