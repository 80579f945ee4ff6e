/**
 * The sizes of an Image GPT and the names and shapes of its parameters, in Hugging Face's layout.
 * Sources: Chen et al. 2020, "Generative Pretraining from Pixels"; openai/image-gpt; transformers' ImageGPT.
 */

export interface Config {
  n_layer: number;
  n_embd: number;
  n_head: number;
  /** Pixels of a picture, side squared. */
  n_positions: number;
  /** Colours of the palette. The embedding has one row more for the start symbol, and one for each of `n_starts`. */
  n_colours: number;
  layer_norm_epsilon: number;
  /** Classes that pictures as a whole are told apart by; a model has no head for them unless given. */
  n_classes?: number;
  /** Classes that a picture may begin with instead of the start symbol; a model knows none unless given. */
  n_starts?: number;
}

/** A named size: layers, width, heads and the sides it is meant for. */
export interface Preset {
  n_layer: number;
  n_embd: number;
  n_head: number;
  sides: number[];
}

export const PRESETS = {
  nano: { n_layer: 2, n_embd: 64, n_head: 2, sides: [16] },
  xs: { n_layer: 4, n_embd: 128, n_head: 4, sides: [16] },
  tiny: { n_layer: 8, n_embd: 128, n_head: 4, sides: [16, 32] },
  small: { n_layer: 12, n_embd: 256, n_head: 8, sides: [32] },
  'igpt-s': { n_layer: 24, n_embd: 512, n_head: 8, sides: [32] },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

/** The config of a preset at a side, with a palette of 512 colours. */
export function presetConfig(name: PresetName, side: number): Config {
  const { n_layer, n_embd, n_head } = PRESETS[name];
  return { n_layer, n_embd, n_head, n_positions: side * side, n_colours: 512, layer_norm_epsilon: 1e-5 };
}

/** Begins a picture with the start symbol, where else a class would stand. */
export const SOS = -1;

/** Rows of wte: the colours, the start symbol, then the classes that a picture may begin with. */
export const embeddingRows = ({ n_colours, n_starts = 0 }: Config): number => n_colours + 1 + n_starts;

/**
 * The row of wte that a picture begins with: of a class, or of the start symbol.
 * @throws RangeError for a class that the model does not know
 */
export function startRow({ n_colours, n_starts = 0 }: Config, start: number): number {
  if (start === SOS) return n_colours;
  if (!(Number.isInteger(start) && start >= 0 && start < n_starts)) {
    throw new RangeError(
      n_starts > 0 ? `Class ${start} is not one of ${n_starts}.` : 'This model begins no picture with a class.',
    );
  }
  return n_colours + 1 + start;
}

/** Side of the square picture. */
export const sideOf = (c: Config): number => Math.sqrt(c.n_positions);

export interface ParameterShape {
  name: string;
  shape: number[];
  /** Biases exist in Hugging Face's files but not in OpenAI's model: absent ones count as zero. */
  optional: boolean;
}

/**
 * Every parameter of a model, first to last, as `model.safetensors` names and shapes it; but for the vectors of classes, which
 * are rows of wte here and a tensor of their own there (formats/class-vectors.ts).
 */
export function parameterShapes(c: Config): ParameterShape[] {
  const d = c.n_embd;
  const weight = (name: string, ...shape: number[]) => ({ name: `${name}.weight`, shape, optional: false });
  const linear = (name: string, inputs: number, outputs: number) => [
    weight(name, inputs, outputs),
    { name: `${name}.bias`, shape: [outputs], optional: true },
  ];
  const blocks = Array.from({ length: c.n_layer }, (_, i) => {
    const h = `transformer.h.${i}`;
    return [
      weight(`${h}.ln_1`, d),
      ...linear(`${h}.attn.c_attn`, d, 3 * d),
      ...linear(`${h}.attn.c_proj`, d, d),
      weight(`${h}.ln_2`, d),
      ...linear(`${h}.mlp.c_fc`, d, 4 * d),
      ...linear(`${h}.mlp.c_proj`, 4 * d, d),
    ];
  }).flat();
  return [
    weight('transformer.wte', embeddingRows(c), d),
    weight('transformer.wpe', c.n_positions, d),
    ...blocks,
    weight('transformer.ln_f', d),
    weight('lm_head', c.n_colours, d),
    ...(c.n_classes ? [weight('score', c.n_classes, d)] : []),
  ];
}

/** Parameters without biases: 12·L·d² + 2·L·d + (2V + T + 2)·d, and d for each class, told apart or begun with. */
export function parameterCount(c: Config): number {
  return parameterShapes(c)
    .filter((p) => !p.optional)
    .reduce((sum, p) => sum + p.shape.reduce((a, b) => a * b, 1), 0);
}

/** Plain values of every parameter by name, row-major. */
export type Weights = Map<string, Float32Array>;
