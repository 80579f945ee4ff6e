/** What a training run is, as about.json keeps it: whatever comes from a disk or from the page is checked here. */
import * as v from 'valibot';
import { BadInput } from '../errors.ts';
import { number, readJson, whole } from './json.ts';

const VERSION = 1;

const steps = (min: number) => whole(min, 10_000_000);

export const RecipeSchema = v.object({
  objective: v.picklist(['autoregressive', 'bert'], 'must be autoregressive or bert'),
  batch: whole(1, 4096),
  parts: whole(1, 4096),
  steps: steps(1),
  schedule: v.picklist(['cosine', 'constant'], 'must be cosine or constant'),
  rate: number(0, 1),
  warmup: steps(0),
  weightDecay: number(0, 1),
  clip: v.pipe(v.number('must be a number'), v.gtValue(0, 'must be greater than 0')),
  flip: v.boolean('must be true or false'),
  crop: whole(0, 8),
  leastArea: number(0.05, 1),
  seed: whole(0, 0xffffffff),
  validateEvery: steps(0),
  validationPictures: whole(1, 100_000),
  sampleEvery: steps(0),
  saveEvery: steps(1),
  keepEvery: steps(0),
  onSpike: v.picklist(['pause', 'rollback'], 'must be pause or rollback'),
  // Runs from before there were classes lack these.
  classify: v.optional(v.boolean('must be true or false'), false),
  generative: v.optional(number(0, 100), 1),
  patience: v.optional(whole(0, 10_000), 0),
  // As do those from before layers were probed.
  probeEvery: v.optional(steps(0), 0),
  // As do those from before there was f16.
  precision: v.optional(v.picklist(['f32', 'f16'], 'must be f32 or f16'), 'f32'),
  // As do those from before pictures could begin with their class.
  byClass: v.optional(v.boolean('must be true or false'), false),
});

export const SizeSchema = v.object({
  layers: whole(1, 128),
  width: whole(4, 8192),
  heads: whole(1, 128),
  side: whole(2, 64),
});

const judged = v.nullable(
  v.object({
    step: steps(0),
    loss: v.number(),
    classes: v.optional(v.object({ loss: v.number(), accuracy: v.number() })),
  }),
);

const RunHeadSchema = v.object({
  version: v.literal(VERSION, `must be ${VERSION}`),
  name: v.string(),
  /** Milliseconds since 1970. */
  created: v.number(),
  size: SizeSchema,
  /** In [-1, 1], [colours × 3]. */
  palette: v.pipe(v.array(number(-1.000001, 1.000001)), v.minLength(6), v.maxLength(3 * 512)),
  recipe: RecipeSchema,
  /** Names of the classes that it learns. */
  classes: v.optional(v.array(v.string()), []),
  /** Names of the classes that pictures begin with. */
  starts: v.optional(v.array(v.string()), []),
  /** Where its pictures are, and how many of them are learnt from and held back: another number is another data set. */
  dataset: v.object({ id: v.string(), name: v.string(), train: steps(0), validation: steps(0) }),
  /** Peak learning rates, each from a step on; before the first, the recipe's. */
  rates: v.array(v.object({ step: steps(0), rate: v.number() })),
  /** How far it was when this was written. */
  progress: v.object({
    step: steps(0),
    seconds: v.number(),
    validation: judged,
    best: judged,
    /** It came to its end before its steps. */
    ended: v.optional(v.boolean(), false),
  }),
  /** Steps whose weights are kept, rising. */
  kept: v.array(steps(0)),
});

export type RunHead = Omit<v.InferOutput<typeof RunHeadSchema>, 'version'>;

/** @throws BadInput naming the part that cannot be. */
export function checked<S extends v.GenericSchema>(what: string, schema: S, value: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new BadInput(`${what}: ${v.getDotPath(issue) ?? 'it'} ${issue.message}.`);
}

/** @throws BadInput for what cannot be a model. */
export function checkSize(value: unknown): v.InferOutput<typeof SizeSchema> {
  const size = checked('Size', SizeSchema, value);
  if (size.width % size.heads !== 0) {
    throw new BadInput(`A width of ${size.width} cannot be divided among ${size.heads} heads.`);
  }
  return size;
}

/** @throws BadInput for what cannot be trained by. */
export function checkRecipe(value: unknown): v.InferOutput<typeof RecipeSchema> {
  const recipe = checked('Recipe', RecipeSchema, value);
  if (recipe.batch % recipe.parts !== 0) {
    throw new BadInput(`A batch of ${recipe.batch} pictures cannot be divided into ${recipe.parts} equal parts.`);
  }
  if (recipe.byClass && recipe.objective === 'bert') {
    throw new BadInput(
      'BERT has no first symbol that a class could stand for: pictures begin with it autoregressively only.',
    );
  }
  if (recipe.byClass && recipe.classify) {
    throw new BadInput(
      'Classes cannot be told by a model that is given them: begin pictures with them, or learn to tell them.',
    );
  }
  return recipe;
}

export function writeHead(head: RunHead): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...head }));
}

/** @throws BadInput if the bytes are no head of a run of this version. */
export function readHead(bytes: Uint8Array): RunHead {
  const { version: _, ...head } = readJson('about.json', bytes, RunHeadSchema);
  return head;
}
