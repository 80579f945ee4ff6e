/** Which suites there are, where they run, and which rows they give, whatever fails. In the order of running. */
export interface Entry {
  name: SuiteName;
  /** WebAssembly is measured where people run it; bytes are the same everywhere. */
  only?: 'chromium' | 'node';
  rows: (size: string) => string[];
  /** Seconds that it takes by --quick on a software adapter, roughly; what time there is is shared out by these. */
  seconds: { chromium: number; node: number };
}

export type SuiteName =
  | 'train'
  | 'decode'
  | 'train-wasm'
  | 'decode-wasm'
  | 'features'
  | 'features-wasm'
  | 'matmul'
  | 'memory';

export const CATALOGUE: Entry[] = [
  {
    name: 'train',
    seconds: { chromium: 48, node: 14 },
    rows: (size) => [
      `train-${size}-vs-tfjs`,
      `train-${size}-vs-jaxjs`,
      `train-${size}-javascript`,
      `train-${size}-share-of-peak`,
    ],
  },
  {
    name: 'decode',
    seconds: { chromium: 44, node: 16 },
    rows: (size) => ['jaxjs', 'ort', 'tfjs-kv', 'tfjs-naive'].map((peer) => `decode-${size}-vs-${peer}`),
  },
  {
    name: 'train-wasm',
    seconds: { chromium: 14, node: 0 },
    only: 'chromium',
    rows: (size) => ['jaxjs', 'tfjs'].map((p) => `train-${size}-wasm-vs-${p}`),
  },
  {
    name: 'decode-wasm',
    seconds: { chromium: 14, node: 0 },
    only: 'chromium',
    rows: (size) => ['ort', 'tfjs-kv'].map((peer) => `decode-${size}-wasm-vs-${peer}`),
  },
  {
    name: 'features',
    seconds: { chromium: 8, node: 4 },
    rows: (size) => [`features-${size}-vs-forward`],
  },
  {
    name: 'features-wasm',
    seconds: { chromium: 4, node: 0 },
    only: 'chromium',
    rows: (size) => [`features-${size}-wasm-vs-forward`],
  },
  {
    name: 'matmul',
    seconds: { chromium: 7, node: 5 },
    rows: () => ['matmul-vs-tfjs', 'matmul-nn-vs-tfjs', 'matmul-nt-vs-tfjs', 'matmul-tn-vs-tfjs'],
  },
  {
    name: 'memory',
    only: 'node',
    seconds: { chromium: 0, node: 8 },
    rows: (size) => [
      `memory-train-${size}-vs-tfjs`,
      `memory-decode-${size}`,
      'memory-train-linear-in-layers',
      'memory-train-linear-in-batch',
    ],
  },
];
