/**
 * A model folder in Hugging Face's layout: config.json, preprocessor_config.json, model.safetensors.
 * Source: transformers, models/imagegpt. What the files may say but this model does not do is refused, never ignored. What is
 * beside that layout, the classes that a picture may begin with, is in class-vectors.ts.
 */

import * as v from 'valibot';
import { BadInput } from '../errors.ts';
import { type Config, sideOf, type Weights } from '../igpt/config.ts';
import { fileShapes, joined, parted } from './class-vectors.ts';
import { clipped, readJson, whole } from './json.ts';
import { CONFIG, checkParts, INDEX, PREPROCESSOR, TENSORS } from './model-layout.ts';
import { parseSafetensors, type SafeTensor, shapeText, toFloat32, writeSafetensors } from './safetensors.ts';

export interface ModelFolder {
  config: Config;
  /** The colours that tokens stand for, in [-1, 1]. [n_colours × 3] */
  palette: Float32Array;
  /** Optional biases that the file does not have are not in it. */
  weights: Weights;
  /** Names of its classes, where it has any. [n_classes] */
  classes?: string[];
  /** Names of the classes that a picture may begin with, where there are any. [n_starts] */
  starts?: string[];
}

/** What a model is without its weights. */
export type ModelHead = Omit<ModelFolder, 'weights'>;

const LIMITS = { layers: 128, width: 8192, positions: 4096, colours: 512, classes: 10_000 };
/** What transformers calls the models that it has. */
const GENERATIVE = 'ImageGPTForCausalImageModeling';
const CLASSIFYING = 'ImageGPTForImageClassification';
/** How far a colour that was averaged in 32 bits may lie outside [-1, 1]. */
const PALETTE_SLACK = 1e-6;
/** The least number that rounds to infinity in F16. */
const F16_OVERFLOW = 65520;

/** An entry that may only have the value that transformers takes when it is absent. */
const only = <T extends string | boolean>(value: T) => v.optional(v.literal(value, `must be ${value}`), value);

const configSchema = v.object(
  {
    model_type: v.literal('imagegpt', 'must be imagegpt'),
    activation_function: only('quick_gelu'),
    n_layer: whole(1, LIMITS.layers),
    n_embd: whole(1, LIMITS.width),
    n_head: whole(1, LIMITS.width),
    n_positions: whole(1, LIMITS.positions),
    n_inner: v.nullish(whole(1, 4 * LIMITS.width)),
    vocab_size: whole(3, LIMITS.colours + 1),
    layer_norm_epsilon: v.optional(
      v.pipe(
        v.number('must be a number'),
        v.minValue(Number.MIN_VALUE, 'must be greater than 0'),
        v.maxValue(1, 'must be at most 1'),
      ),
      1e-5,
    ),
    scale_attn_weights: only(true),
    scale_attn_by_inverse_layer_idx: only(false),
    tie_word_embeddings: only(false),
    architectures: v.nullish(v.array(v.string('must be a list of names'), 'must be a list of names')),
    n_class: v.nullish(whole(0, LIMITS.classes)),
    class_names: v.nullish(v.array(v.string('must be a list of names'), 'must be a list of names')),
    id2label: v.nullish(v.record(v.string(), v.string('must be a name'), 'must be a JSON object')),
  },
  'must be a JSON object',
);

const channel = v.pipe(
  v.number('must be a number from -1 to 1'),
  v.minValue(-1 - PALETTE_SLACK, 'must be a number from -1 to 1'),
  v.maxValue(1 + PALETTE_SLACK, 'must be a number from -1 to 1'),
);
const colour = v.pipe(
  v.array(channel, 'must be a list of three numbers'),
  v.length(3, 'must be a list of three numbers'),
);
const length = whole(1, LIMITS.positions);

const preprocessorSchema = v.object(
  {
    clusters: v.pipe(
      v.array(colour, 'must be a list of colours'),
      v.minLength(2, 'must have at least 2 colours'),
      v.maxLength(LIMITS.colours, `must have at most ${LIMITS.colours} colours`),
    ),
    size: v.union([length, v.object({ height: length, width: length })], 'must be a side or a height and a width'),
  },
  'must be a JSON object',
);

const indexSchema = v.object(
  { weight_map: v.record(v.string(), v.string('must be the name of a file'), 'must be a JSON object') },
  'must be a JSON object',
);

/**
 * The model in a folder's files, keyed by their base names.
 * @throws BadInput with one sentence for anything that is missing, damaged or not an Image GPT that can run here.
 */
export function readModelFolder(files: Map<string, Uint8Array>): ModelFolder {
  checkParts([...files.keys()]);
  const head = readModelHead(files);
  const whole = files.get(TENSORS);
  const tensors = whole ? parseSafetensors(whole) : readShards(files);
  return { ...head, weights: readWeights(tensors, head.config) };
}

/** The same without the weights, which need not be among the files. @throws BadInput as above */
export function readModelHead(files: Map<string, Uint8Array>): ModelHead {
  const { config, ...named } = readConfig(files.get(CONFIG)!);
  return { config, palette: readPalette(files.get(PREPROCESSOR)!, config), ...named };
}

/** The tensors of all weights files that the index names. */
function readShards(files: Map<string, Uint8Array>): Map<string, SafeTensor> {
  const { weight_map } = readJson(INDEX, files.get(INDEX)!, indexSchema);
  const tensors = new Map<string, SafeTensor>();
  for (const shard of new Set(Object.values(weight_map))) {
    const bytes = files.get(shard);
    if (!bytes) throw new BadInput(`The file ${clipped(shard, '')} is missing: ${INDEX} names it.`);
    for (const [name, tensor] of parseSafetensors(bytes)) {
      if (tensors.has(name)) throw new BadInput(`The tensor ${clipped(name)} is in two of the weights files.`);
      tensors.set(name, tensor);
    }
  }
  const lost = Object.keys(weight_map).find((name) => !tensors.has(name));
  if (lost !== undefined) throw new BadInput(`${INDEX} names the tensor ${clipped(lost)}, which no weights file has.`);
  return tensors;
}

function readConfig(bytes: Uint8Array): Omit<ModelHead, 'palette'> {
  const c = readJson(CONFIG, bytes, configSchema);
  if (c.n_embd % c.n_head !== 0) {
    throw new BadInput(`${CONFIG}: n_embd ${c.n_embd} cannot be divided among n_head ${c.n_head} heads.`);
  }
  if (c.n_inner != null && c.n_inner !== 4 * c.n_embd) {
    throw new BadInput(
      `${CONFIG}: n_inner must be null or 4 times n_embd, which is ${4 * c.n_embd}, but it is ${c.n_inner}.`,
    );
  }
  if (!Number.isInteger(Math.sqrt(c.n_positions))) {
    throw new BadInput(`${CONFIG}: n_positions must be a square, as pictures are, but it is ${c.n_positions}.`);
  }
  const config: Config = {
    n_layer: c.n_layer,
    n_embd: c.n_embd,
    n_head: c.n_head,
    n_positions: c.n_positions,
    n_colours: c.vocab_size - 1,
    layer_norm_epsilon: c.layer_norm_epsilon,
  };
  const starts = startNames(c.n_class ?? 0, c.class_names ?? undefined);
  const classes = c.architectures?.includes(CLASSIFYING) ? classNames(c.id2label ?? UNNAMED) : undefined;
  return {
    config: {
      ...config,
      ...(classes && { n_classes: classes.length }),
      ...(starts && { n_starts: starts.length }),
    },
    ...(classes && { classes }),
    ...(starts && { starts }),
  };
}

/** Of the classes that a picture may begin with. */
function startNames(count: number, names: string[] | undefined): string[] | undefined {
  if (names && names.length !== count) {
    throw new BadInput(`${CONFIG} has ${names.length} class_names, but an n_class of ${count}.`);
  }
  if (count === 0) return undefined;
  return names ?? Array.from({ length: count }, (_, label) => `class ${label}`);
}

/** What transformers takes where classes have no names. */
const UNNAMED = { 0: 'LABEL_0', 1: 'LABEL_1' };

function classNames(id2label: Record<string, string>): string[] {
  const count = Object.keys(id2label).length;
  const names = Array.from({ length: count }, (_, label) => id2label[label]);
  if (count < 1 || count > LIMITS.classes || names.includes(undefined as never)) {
    throw new BadInput(`${CONFIG}: id2label must name up to ${LIMITS.classes} classes, counted from 0.`);
  }
  return names;
}

function readPalette(bytes: Uint8Array, config: Config): Float32Array {
  const { clusters, size } = readJson(PREPROCESSOR, bytes, preprocessorSchema);
  const { height, width } = typeof size === 'number' ? { height: size, width: size } : size;
  const side = sideOf(config);
  if (height !== side || width !== side) {
    throw new BadInput(
      `${PREPROCESSOR} has pictures of ${width} × ${height} pixels, but ${CONFIG} has ${config.n_positions} positions, ` +
        `which are ${side} × ${side}.`,
    );
  }
  if (clusters.length !== config.n_colours) {
    throw new BadInput(
      `${PREPROCESSOR} has ${clusters.length} colours, but ${CONFIG} has a vocab_size of ${config.n_colours + 1}, ` +
        `which is ${config.n_colours} colours and the start symbol.`,
    );
  }
  return Float32Array.from(clusters.flat());
}

/** Causal masks that old versions of transformers saved beside the weights; `attn.bias` is one of them, no bias. */
const OLD_BUFFER = /^transformer\.h\.\d+\.attn\.(bias|masked_bias)$/;

/** The bare model's files lack the prefix that the model with heads gives to all but the heads. */
const canonical = (name: string): string =>
  /^(transformer|lm_head|score)\./.test(name) ? name : `transformer.${name}`;

function readWeights(tensors: Map<string, SafeTensor>, config: Config): Weights {
  /** By canonical name: the name in the file, for sentences, and the tensor. */
  const left = new Map<string, [string, SafeTensor]>();
  for (const [name, tensor] of tensors) {
    const key = canonical(name);
    if (OLD_BUFFER.test(key)) continue;
    if (left.has(key)) throw new BadInput(`${TENSORS} has the tensor ${clipped(key)} twice, with and without prefix.`);
    left.set(key, [name, tensor]);
  }
  const weights: Weights = new Map();
  for (const { name, shape, optional } of fileShapes(config)) {
    const found = left.get(name);
    if (found) {
      weights.set(name, readWeight(...found, shape));
      left.delete(name);
    } else if (!optional) {
      throw new BadInput(`${TENSORS} lacks the tensor "${name}".`);
    }
  }
  const [unknown] = left.values();
  if (unknown) {
    const [name] = unknown;
    throw new BadInput(`${TENSORS} has the tensor ${clipped(name)}, which is no part of an Image GPT of this size.`);
  }
  return joined(config, weights);
}

function readWeight(name: string, tensor: SafeTensor, shape: number[]): Float32Array {
  if (shapeText(tensor.shape) !== shapeText(shape)) {
    throw new BadInput(
      `Tensor "${name}" has the shape ${shapeText(tensor.shape)}, but ${CONFIG} needs ${shapeText(shape)}.`,
    );
  }
  if (!['F32', 'F16', 'BF16'].includes(tensor.dtype)) {
    throw new BadInput(`Tensor "${name}" has numbers of type ${tensor.dtype}: F32, F16 or BF16 is needed.`);
  }
  const values = toFloat32(tensor);
  if (!allFinite(values)) throw new BadInput(`Tensor "${name}" has values that are infinite or not numbers.`);
  return values;
}

/** A plain loop: `every` takes a second for the 76 million weights of iGPT-S. */
function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/**
 * The three files of a model. F32 keeps every bit of the weights, F16 rounds to the nearest. Absent biases are written
 * as zeros, because transformers fills what a file lacks with whatever its memory holds.
 * @throws BadInput if a weight is too large for F16.
 * @throws RangeError if weights, palette or classes do not fit the config.
 */
export function writeModelFolder(folder: ModelFolder, dtype: 'F32' | 'F16'): Map<string, Uint8Array> {
  const { config, palette, weights, classes, starts } = folder;
  const values = parted(config, weights);
  const tensors = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const { name, shape, optional } of fileShapes(config)) {
    const data = values.get(name) ?? (optional ? new Float32Array(product(shape)) : undefined);
    if (!data) throw new RangeError(`${name} is missing`);
    if (dtype === 'F16' && data.some((x) => Math.abs(x) >= F16_OVERFLOW)) {
      throw new BadInput(`Tensor "${name}" has values too large for F16: save the model as F32.`);
    }
    tensors.set(name, { shape, data });
  }
  for (const name of values.keys()) if (!tensors.has(name)) throw new RangeError(`the config knows no ${name}`);
  if (palette.length !== 3 * config.n_colours) throw new RangeError(`the palette has ${palette.length} numbers`);
  if (classes?.length !== config.n_classes) throw new RangeError(`there are ${classes?.length} names of classes`);
  if (starts?.length !== config.n_starts) throw new RangeError(`there are ${starts?.length} names to begin with`);
  return new Map([
    [CONFIG, json(configJson(folder))],
    [PREPROCESSOR, json(preprocessorJson(config, palette))],
    [TENSORS, writeSafetensors(tensors, dtype)],
  ]);
}

const product = (shape: number[]): number => shape.reduce((a, b) => a * b, 1);

const json = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);

const configJson = ({ config: c, classes, starts }: ModelHead) => ({
  architectures: [classes ? CLASSIFYING : GENERATIVE],
  model_type: 'imagegpt',
  activation_function: 'quick_gelu',
  n_layer: c.n_layer,
  n_embd: c.n_embd,
  n_head: c.n_head,
  n_positions: c.n_positions,
  n_inner: null,
  vocab_size: c.n_colours + 1,
  layer_norm_epsilon: c.layer_norm_epsilon,
  scale_attn_weights: true,
  scale_attn_by_inverse_layer_idx: false,
  reorder_and_upcast_attn: false,
  tie_word_embeddings: false,
  ...(classes && {
    id2label: Object.fromEntries(classes.map((name, label) => [label, name])),
    label2id: Object.fromEntries(classes.map((name, label) => [name, label])),
  }),
  ...(starts && { n_class: starts.length, class_names: starts }),
});

const preprocessorJson = (c: Config, palette: Float32Array) => ({
  image_processor_type: 'ImageGPTImageProcessor',
  do_resize: true,
  do_normalize: true,
  do_color_quantize: true,
  size: { height: sideOf(c), width: sideOf(c) },
  resample: 2,
  clusters: Array.from({ length: c.n_colours }, (_, i) => [...palette.subarray(3 * i, 3 * i + 3)]),
});
