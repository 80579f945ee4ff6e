/**
 * A training run's weights, and what AdamW remembers, as a safetensors file in F32: weights under their own names, so that
 * any tool can read them; moments behind "mean." and "square."; and the number of steps as a tensor of one. A run in f16 also
 * keeps its loss scale, the good steps since it changed, and the steps skipped.
 */
import { BadInput } from '../errors.ts';
import type { Config, Weights } from '../igpt/config.ts';
import type { Scaling, TrainerState } from '../igpt/trainer.ts';
import { fileShapes, joined, parted } from './class-vectors.ts';
import { parseSafetensors, type SafeTensor, shapeText, toFloat32, writeSafetensors } from './safetensors.ts';

const STEP = 'step';
const MEAN = 'mean.';
const SQUARE = 'square.';
const SCALING = 'loss_scaling';

/** Everything to go on from. */
export function writeCheckpoint(config: Config, { step, weights, mean, square, scaling }: TrainerState): Uint8Array {
  const parts: [string, Weights][] = [
    ['', weights],
    [MEAN, mean],
    [SQUARE, square],
  ];
  return write(config, step, parts, scaling);
}

/** The weights alone. */
export function writeWeights(config: Config, step: number, weights: Weights): Uint8Array {
  return write(config, step, [['', weights]]);
}

function write(
  config: Config,
  step: number,
  parts: [prefix: string, values: Weights][],
  scaling?: Scaling,
): Uint8Array {
  const tensors = new Map<string, { shape: number[]; data: Float32Array }>([
    [STEP, { shape: [1], data: Float32Array.of(step) }],
  ]);
  if (scaling) {
    tensors.set(SCALING, { shape: [3], data: Float32Array.of(scaling.scale, scaling.good, scaling.skipped) });
  }
  const inFile = parts.map(([prefix, values]): [string, Weights] => [prefix, parted(config, values)]);
  for (const { name, shape } of fileShapes(config)) {
    for (const [prefix, values] of inFile) {
      const data = values.get(name);
      if (data) tensors.set(prefix + name, { shape, data });
    }
  }
  return writeSafetensors(tensors, 'F32');
}

/** @throws BadInput if the file is damaged, or of another model. */
export function readCheckpoint(config: Config, bytes: Uint8Array): TrainerState {
  const tensors = parseSafetensors(bytes);
  const weights = readPart(config, tensors, '');
  const mean = readPart(config, tensors, MEAN);
  const square = readPart(config, tensors, SQUARE);
  if (mean.size !== weights.size || square.size !== weights.size) {
    throw new BadInput('The checkpoint lacks what the optimiser needs to go on.');
  }
  const step = readStep(tensors);
  const scaling = readScaling(tensors, step);
  return { step, weights, mean, square, ...(scaling && { scaling }) };
}

/** @throws BadInput if the file is damaged, or of another model. */
export function readWeights(config: Config, bytes: Uint8Array): Weights {
  return readPart(config, parseSafetensors(bytes), '');
}

function readStep(tensors: Map<string, SafeTensor>): number {
  const found = tensors.get(STEP);
  if (!found) throw new BadInput('The checkpoint does not say how many steps it has.');
  return toFloat32(found)[0];
}

function readScaling(tensors: Map<string, SafeTensor>, step: number): Scaling | undefined {
  const found = tensors.get(SCALING);
  if (!found) return undefined;
  const [scale, good, skipped] = toFloat32(found);
  if (!(scale >= 1 && Number.isFinite(scale) && good >= 0 && skipped >= 0 && skipped <= step)) {
    throw new BadInput("The checkpoint's loss scale cannot be.");
  }
  return { scale, good, skipped };
}

function readPart(config: Config, tensors: Map<string, SafeTensor>, prefix: string): Weights {
  const values: Weights = new Map();
  for (const { name, shape, optional } of fileShapes(config)) {
    const found = tensors.get(prefix + name);
    if (!found && optional) continue;
    if (!found && prefix !== '') return new Map();
    if (!found) throw new BadInput(`The checkpoint lacks the tensor "${name}".`);
    if (shapeText(found.shape) !== shapeText(shape)) {
      throw new BadInput(
        `The checkpoint's tensor "${name}" has the shape ${shapeText(found.shape)} instead of ${shapeText(shape)}.`,
      );
    }
    values.set(name, toFloat32(found));
  }
  return joined(config, values);
}
