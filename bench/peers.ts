/**
 * The little of the peers' interfaces that the bench uses, typed by hand: the packages are installed in bench/ by the
 * first run, and the project must type-check without them.
 */

/** jax-js counts references: a function consumes its arguments, and `x.ref` is x to be used once more. */
export interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: number[];
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  neg(): JaxArray;
  less(other: JaxArray): JaxArray;
  equal(other: JaxArray): JaxArray;
  lessEqual(other: JaxArray): JaxArray;
  sum(axis?: number | null, options?: { keepdims: boolean }): JaxArray;
  mean(axis?: number | null, options?: { keepdims: boolean }): JaxArray;
  reshape(shape: number[]): JaxArray;
  transpose(axes?: number[]): JaxArray;
  slice(...index: (number | [] | [number, number] | null)[]): JaxArray;
  astype(dtype: string): JaxArray;
  data(): Promise<Float32Array | Int32Array>;
  dispose(): void;
}

export type JaxTree = Record<string, JaxArray>;

// biome-ignore lint/suspicious/noExplicitAny: a function that jit hands back is called as the one it was given
type AnyFunction = (...args: any[]) => unknown;

export interface Jax {
  init(...devices: string[]): Promise<string[]>;
  defaultDevice(device: string): string;
  getWebGPUDevice(): GPUDevice;
  blockUntilReady<T>(tree: T): Promise<T>;
  jit<F extends AnyFunction>(f: F): F & { dispose(): void };
  valueAndGrad<A extends unknown[]>(
    f: (parameters: JaxTree, ...rest: A) => JaxArray,
  ): (parameters: JaxTree, ...rest: A) => [JaxArray, JaxTree];
  random: {
    key(seed: JaxArray): JaxArray;
    categorical(key: JaxArray, logits: JaxArray, options: { axis: number }): JaxArray;
  };
  tree: { ref<T>(tree: T): T; dispose(tree: unknown): void };
  nn: {
    oneHot(x: JaxArray, classes: number): JaxArray;
    softmax(x: JaxArray, axis: number): JaxArray;
    logSoftmax(x: JaxArray, axis: number): JaxArray;
    sigmoid(x: JaxArray): JaxArray;
    dotProductAttention(
      query: JaxArray,
      key: JaxArray,
      value: JaxArray,
      options: { isCausal?: boolean; mask?: JaxArray },
    ): JaxArray;
  };
  numpy: {
    array(values: Float32Array | Int32Array, options?: { shape?: number[]; dtype?: string }): JaxArray;
    zeros(shape: number[], options?: { dtype?: string }): JaxArray;
    arange(n: number): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    square(x: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    minimum(a: JaxArray | number, b: JaxArray | number): JaxArray;
    where(condition: JaxArray, a: JaxArray, b: JaxArray): JaxArray;
    take(x: JaxArray, indices: JaxArray, axis: number): JaxArray;
  };
}

export interface OrtTensor {
  readonly data: ArrayLike<number>;
  getData(release?: boolean): Promise<ArrayLike<number>>;
  dispose(): void;
}

export interface OrtSession {
  run(feeds: Record<string, OrtTensor>, fetches?: Record<string, OrtTensor | null>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

export interface Ort {
  env: {
    wasm: { numThreads?: number; wasmPaths?: string };
    webgpu: { device: GPUDevice | Promise<GPUDevice> };
    logLevel: string;
  };
  InferenceSession: { create(model: Uint8Array, options: Record<string, unknown>): Promise<OrtSession> };
  Tensor: {
    new (type: 'float32' | 'int32', data: Float32Array | Int32Array, dims: number[]): OrtTensor;
    fromGpuBuffer(buffer: GPUBuffer, options: { dataType: string; dims: number[] }): OrtTensor;
  };
}
