/**
 * The loss of multinomial logistic regression and its gradient: the mean over the pictures of
 * −log softmax(W x + b)[label]. The SIMD kernels compute it, but for large fits where tfjs has a GPU.
 *
 * Letters in shapes: n pictures, d features, C classes. Parameters are W [C, d] and then b [C].
 */
import * as tf from '@tensorflow/tfjs-core';
import { BadInput } from '../errors.ts';
import { hasKernels } from '../simd/kernels.ts';
import type { Samples } from './samples.ts';
import type { Scaling } from './scaling.ts';
import { SimdLoss } from './simd-loss.ts';
import { TfjsLoss } from './tfjs-loss.ts';
import type { Work } from './work.ts';

/** Bytes of features that a device is trusted to hold. */
const ROOM = 2 ** 30;
/**
 * Multiplications of one evaluation, 2 n d C, up to which the kernels are used beside a GPU. They make about 6e9 a second
 * on one core, so this takes 2.5 ms, which is about what it takes to read one result back from a GPU.
 */
const SMALL = 15e6;

export interface SoftmaxLoss {
  /**
   * Loss and gradient [C·d + C]. Parts are summed in float64: a sum in float32 would be ten times as coarse.
   * @throws Aborted between two blocks when the work's signal says so
   */
  at(parameters: Float64Array, work: Work): Promise<{ value: number; gradient: Float64Array }>;
  /** Frees the features. */
  dispose(): void;
}

/**
 * Standardises the samples and copies them to what computes.
 * @throws BadInput if they are too large for it
 */
export async function openLoss(samples: Samples, classes: number, scaling: Scaling, work: Work): Promise<SoftmaxLoss> {
  const { width, labels } = samples;
  const bytes = 4 * width * labels.length;
  if (bytes > ROOM) {
    const megabytes = Math.round(bytes / 1e6).toLocaleString('en');
    throw new BadInput(`These features take ${megabytes} MB: take fewer pictures, or fewer layers side by side.`);
  }
  const onGpu = ['webgpu', 'webgl'].includes(tf.getBackend());
  const small = 2 * labels.length * width * classes <= SMALL;
  return hasKernels() && (small || !onGpu)
    ? SimdLoss.of(samples, classes, scaling, work)
    : TfjsLoss.of(samples, classes, scaling, work);
}
