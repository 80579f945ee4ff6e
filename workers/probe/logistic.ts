/**
 * Multinomial logistic regression as scikit-learn has it: features standardised on the pictures learnt from, the squared
 * weights held down with the strength C (large is loose), the biases free, fitted to convergence by L-BFGS.
 */
import { minimise, norm } from './lbfgs.ts';
import type { Samples } from './samples.ts';
import { type Scaling, scalingOf } from './scaling.ts';
import { openLoss } from './softmax-loss.ts';
import { probabilities } from './tfjs-loss.ts';
import type { Work } from './work.ts';

/** The gradient's norm, as a share of that at zero weights, at which a fit has converged. */
export const CONVERGED = 1e-4;

/** Relative error of a loss whose parts are float32. */
const ROUNDING = 1e-7;

export interface Classifier {
  /** scikit-learn's C. */
  strength: number;
  scaling: Scaling;
  /** W [classes, width], then the biases [classes]; for standardised features. */
  parameters: Float64Array;
  iterations: number;
  converged: boolean;
}

export interface Fitting extends Work {
  /** Where to begin; zero unless given. */
  start?: Float64Array;
  /** As minimise has it. */
  maxIterations?: number;
  onIteration?: (strength: number, iteration: number, slope: number) => void;
}

/**
 * One classifier for each strength, in the order given, each beginning where the one before ended: give the small ones,
 * which are quick, first.
 */
export async function fitLogistic(
  samples: Samples,
  classes: number,
  strengths: number[],
  fitting: Fitting = {},
): Promise<Classifier[]> {
  const { width, labels } = samples;
  const scaling = await scalingOf(samples, fitting);
  const loss = await openLoss(samples, classes, scaling, fitting);
  const classifiers: Classifier[] = [];
  try {
    const zero = new Float64Array(classes * (width + 1));
    const steepest = norm((await loss.at(zero, fitting)).gradient); // the penalty has no slope there
    let x = fitting.start ?? zero;
    for (const strength of strengths) {
      const factor = 1 / (strength * labels.length);
      const { iterations, converged, ...end } = await minimise(
        (at) => penalised(loss.at(at, fitting), at, classes * width, factor),
        x,
        {
          tolerance: CONVERGED * steepest,
          rounding: ROUNDING,
          maxIterations: fitting.maxIterations,
          onIteration: (iteration, _, slope) => fitting.onIteration?.(strength, iteration, slope / steepest),
        },
      );
      x = end.x;
      classifiers.push({ strength, scaling, parameters: x, iterations, converged });
    }
  } finally {
    loss.dispose();
  }
  return classifiers;
}

/** Adds ½ factor |W|², with W the first `weights` parameters: C Σ surprise + ½ |W|² is C n times that. */
async function penalised(
  loss: Promise<{ value: number; gradient: Float64Array }>,
  x: Float64Array,
  weights: number,
  factor: number,
): Promise<{ value: number; gradient: Float64Array }> {
  const { value, gradient } = await loss;
  let squares = 0;
  for (let i = 0; i < weights; i++) {
    squares += x[i] ** 2;
    gradient[i] += factor * x[i];
  }
  return { value: value + (factor / 2) * squares, gradient };
}

/** How likely each class is for each picture, [n, classes]. */
export function classify(
  { scaling, parameters }: Pick<Classifier, 'scaling' | 'parameters'>,
  samples: Samples,
  work: Work = {},
): Promise<Float32Array> {
  return probabilities(samples, scaling, parameters, work);
}
