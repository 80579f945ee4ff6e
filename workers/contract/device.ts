/** What the model runs on, and how fast. */

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

/** What the model runs on, and why; the page shows it as a badge. */
export interface DeviceReport {
  backend: BackendName;
  /** The adapter or engine by name, e.g. "NVIDIA RTX 4070" or "WebAssembly SIMD". */
  adapter: string;
  /** Plain words, with what was measured: why this backend and no faster one. */
  reason: string;
  /** What training runs on: not always what completes pictures; and whether it can be done in f16. */
  training: { backend: BackendName; reason: string; f16: boolean };
  /** The WebGPU adapter that was found runs on the CPU. */
  software: boolean;
  /** Optional WebGPU features in use, e.g. "shader-f16". Empty on other backends. */
  features: string[];
  /** Nothing that is stored outlives the page: a private window, say. */
  keepsNothing?: boolean;
  /** Raised WebGPU limits by name, in their own units. Empty on other backends. */
  limits: Record<string, number>;
}

/** How fast one kind of work is on this device: preset xs (4 layers, width 128, 4 heads, 256 pixels). */
export interface BenchmarkRow {
  /** Completing: 8 variants, half of each picture given. Training: batches of 4 pictures, tokens learnt from. */
  work: 'completing' | 'training';
  tokensPerSecond: number;
  backend: BackendName;
}
