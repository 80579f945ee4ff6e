/** Which suites there are, where they run, and which rows they give, whatever fails. In the order of running. */
export interface Entry {
  name: SuiteName;
  /** WebAssembly is measured where people run it. */
  only?: 'chromium';
  rows: (size: string) => string[];
}

export type SuiteName = 'train' | 'decode' | 'train-wasm' | 'decode-wasm' | 'matmul' | 'memory';

export const CATALOGUE: Entry[] = [
  {
    name: 'train',
    rows: (size) => [`train-${size}-vs-tfjs`, `train-${size}-vs-jaxjs`, `train-${size}-share-of-peak`],
  },
  {
    name: 'decode',
    rows: (size) => ['tfjs-naive', 'tfjs-kv', 'jaxjs', 'ort'].map((peer) => `decode-${size}-vs-${peer}`),
  },
  { name: 'train-wasm', only: 'chromium', rows: (size) => ['jaxjs', 'tfjs'].map((p) => `train-${size}-wasm-vs-${p}`) },
  {
    name: 'decode-wasm',
    only: 'chromium',
    rows: (size) => ['ort', 'tfjs-kv'].map((p) => `decode-${size}-wasm-vs-${p}`),
  },
  { name: 'matmul', rows: () => ['matmul-vs-tfjs', 'matmul-nn-vs-tfjs', 'matmul-nt-vs-tfjs', 'matmul-tn-vs-tfjs'] },
  {
    name: 'memory',
    rows: (size) => [
      `memory-train-${size}-vs-tfjs`,
      `memory-decode-${size}`,
      'memory-train-linear-in-layers',
      'memory-train-linear-in-batch',
    ],
  },
];
