/**
 * The compiled kernels (assembly/) as the host sees them: one WebAssembly module, chosen by what the engine can do, and
 * instances of it, each with a memory of its own. Addresses and strides are in bytes.
 */

/** Where the two builds are: an address to fetch, or the bytes themselves. */
export type KernelFiles = Record<'plain' | 'relaxed', string | Uint8Array<ArrayBuffer>>;

/** What assembly/index.ts exports; the meaning of each argument stands there. */
interface Exports {
  adamw(
    ...args: [
      n: number,
      weight: number,
      gradient: number,
      mean: number,
      square: number,
      scale: number,
      rate: number,
      keep: number,
      beta1: number,
      beta2: number,
      epsilon: number,
      meanBias: number,
      squareBias: number,
    ]
  ): void;
  squares(n: number, x: number): number;
  attention(
    ...args: [
      B: number,
      T: number,
      H: number,
      hd: number,
      causal: number,
      qkv: number,
      y: number,
      lse: number,
      work: number,
    ]
  ): void;
  attentionBytes(T: number, hd: number): number;
  attentionGradient(
    ...args: [
      B: number,
      T: number,
      H: number,
      hd: number,
      causal: number,
      qkv: number,
      y: number,
      lse: number,
      dy: number,
      dqkv: number,
      work: number,
    ]
  ): void;
  attentionGradientBytes(T: number, hd: number): number;
  extend(
    ...args: [
      B: number,
      m: number,
      first: number,
      prefix: number,
      T: number,
      H: number,
      hd: number,
      qkv: number,
      shared: number,
      caches: number,
      picture: number,
      y: number,
      work: number,
    ]
  ): void;
  prefill(
    ...args: [m: number, T: number, H: number, hd: number, qkv: number, shared: number, y: number, work: number]
  ): void;
  extendBytes(T: number): number;
  headBytes(T: number, hd: number): number;
  crossEntropy(rows: number, V: number, logits: number, targets: number, weights: number): number;
  surprises(rows: number, V: number, logits: number, targets: number, out: number): void;
  columnSums(rows: number, n: number, x: number, sums: number): void;
  embed(
    ...args: [rows: number, T: number, first: number, d: number, inputs: number, wte: number, wpe: number, x: number]
  ): void;
  embedGradient(
    ...args: [rows: number, T: number, d: number, inputs: number, dx: number, dwte: number, dwpe: number]
  ): void;
  geluGradient(n: number, u: number, g: number): void;
  matmul(
    ...args: [
      m: number,
      n: number,
      k: number,
      a: number,
      aRow: number,
      aStep: number,
      b: number,
      bPanel: number,
      bStep: number,
      c: number,
      cRow: number,
      bias: number,
      mul: number,
      add: number,
      act: number,
    ]
  ): void;
  outer(
    ...args: [
      rows: number,
      p: number,
      n: number,
      a: number,
      aRow: number,
      b: number,
      bRow: number,
      c: number,
      work: number,
    ]
  ): void;
  outerBytes(p: number, n: number): number;
  norm(rows: number, d: number, x: number, gain: number, y: number, epsilon: number): void;
  normGradient(
    ...args: [rows: number, d: number, x: number, gain: number, dy: number, dx: number, dgain: number, epsilon: number]
  ): void;
  pack(rows: number, cols: number, src: number, row: number, dst: number, panel: number): void;
  packTransposed(rows: number, cols: number, src: number, row: number, dst: number, panel: number): void;
  drawingWeights(V: number, temperature: number, logits: number, out: number): void;
  statistics(rows: number, V: number, top: number, logits: number, weights: number, records: number): void;
  arenaStart(): number;
}

export interface Kernels extends Exports {
  memory: WebAssembly.Memory;
}

/** (func (param v128) (result v128) local.get 0 ×3, f32x4.relaxed_madd), and the same with f32x4.add. */
const probe = (...body: number[]) =>
  new Uint8Array([
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0],
    ...[10, body.length + 4, 1, body.length + 2, 0, ...body, 11],
  ]);
const RELAXED = probe(32, 0, 32, 0, 32, 0, 0xfd, 0x85, 0x02);
const SIMD = probe(32, 0, 32, 0, 0xfd, 0xe4, 0x01);

/** WebAssembly can be missing altogether: Safari's lockdown mode takes it away. */
const validates = (module: Uint8Array<ArrayBuffer>): boolean =>
  typeof WebAssembly !== 'undefined' && WebAssembly.validate(module);

/** Whether this engine can run the kernels. */
export const hasSimd = (): boolean => validates(SIMD);

let files: KernelFiles | undefined;
let compiled: Promise<WebAssembly.Module> | undefined;

/** Says where the kernels are, as tfjs's setWasmPaths does for its own: the page, Node and the tests keep them elsewhere. */
export function setKernels(from: KernelFiles): void {
  files = from;
  compiled = undefined;
}

/** Whether the kernels can be instantiated here. */
export const hasKernels = (): boolean => files !== undefined && hasSimd();

/** Compiles the build that suits this engine. Throws RangeError when it has no SIMD at all. */
async function compile(): Promise<WebAssembly.Module> {
  if (!files) throw new Error('Nobody has said where the kernels are: call setKernels first.');
  if (!hasSimd()) throw new RangeError('This engine has no WebAssembly with SIMD.');
  const file = validates(RELAXED) ? files.relaxed : files.plain;
  return WebAssembly.compile(typeof file === 'string' ? await fetched(file) : file);
}

/** Not compileStreaming, which insists on a content type that not every static host sends. */
async function fetched(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} could not be fetched (status ${response.status}).`);
  return response.arrayBuffer();
}

/**
 * Kernels over an empty memory; an Arena lays it out and makes it as large as it must be. Compiles them when they are
 * first asked for, once for all instances.
 */
export async function instantiate(): Promise<Kernels> {
  compiled ??= compile();
  compiled.catch(() => {
    compiled = undefined; // a download that broke off may work the next time
  });
  const module = await compiled;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  return { ...(instance.exports as unknown as Exports), memory };
}
