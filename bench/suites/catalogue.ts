/** Which suites there are, where they run, and which rows they give, whatever fails. In the order of running. */
export interface Entry {
  name: SuiteName;
  /** WebAssembly is measured where people run it. */
  only?: 'chromium';
  rows: (size: string) => string[];
  /** Seconds that it takes by --quick on a software adapter, roughly; what time there is is shared out by these. */
  seconds: { chromium: number; node: number };
}

export type SuiteName = 'train' | 'decode' | 'train-wasm' | 'decode-wasm' | 'matmul' | 'memory';

export const CATALOGUE: Entry[] = [
  {
    name: 'train',
    seconds: { chromium: 60, node: 16 },
    rows: (size) => [`train-${size}-vs-tfjs`, `train-${size}-vs-jaxjs`, `train-${size}-share-of-peak`],
  },
  {
    name: 'decode',
    seconds: { chromium: 45, node: 18 },
    rows: (size) => ['jaxjs', 'ort', 'tfjs-kv', 'tfjs-naive'].map((peer) => `decode-${size}-vs-${peer}`),
  },
  {
    name: 'train-wasm',
    seconds: { chromium: 10, node: 0 },
    only: 'chromium',
    rows: (size) => ['jaxjs', 'tfjs'].map((p) => `train-${size}-wasm-vs-${p}`),
  },
  {
    name: 'decode-wasm',
    seconds: { chromium: 8, node: 0 },
    only: 'chromium',
    rows: (size) => ['ort', 'tfjs-kv'].map((peer) => `decode-${size}-wasm-vs-${peer}`),
  },
  {
    name: 'matmul',
    seconds: { chromium: 12, node: 5 },
    rows: () => ['matmul-vs-tfjs', 'matmul-nn-vs-tfjs', 'matmul-nt-vs-tfjs', 'matmul-tn-vs-tfjs'],
  },
  {
    name: 'memory',
    seconds: { chromium: 6, node: 5 },
    rows: (size) => [
      `memory-train-${size}-vs-tfjs`,
      `memory-decode-${size}`,
      'memory-train-linear-in-layers',
      'memory-train-linear-in-batch',
    ],
  },
];
