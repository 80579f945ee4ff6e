/** What differs between the browser and Node, as the suites see it. */

export type Peer = 'jax' | 'ort-webgpu' | 'ort-wasm';

export interface Platform {
  /** For the rows, e.g. "Chromium 156, cross-origin isolated". */
  env: string;
  gpu: GPU | undefined;
  /** Addresses of tfjs's WebAssembly files by their names. */
  wasm: Record<string, string>;
  /** Threads that a peer may start; 1 where the platform has none. */
  threads: number;
  /** Loads a peer as its publisher ships it, not rebundled; every `copy` is a module of its own with its own settings. */
  load(peer: Peer, copy?: number): Promise<unknown>;
}
