/** Ready-made examples: pictures with completions made earlier by a shipped model, shown while that model loads. */
import * as v from 'valibot';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Tokens = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(-1))),
  v.transform((list) => Int16Array.from(list)),
);

const Completion = v.object({ tokens: Tokens, bits: v.number() });

const Example = v.object({
  name: v.string(),
  credit: v.string(),
  /** The whole original. */
  tokens: Tokens,
  /** What is given to the model; UNKNOWN elsewhere. */
  drawing: Tokens,
  completions: v.array(Completion),
  /** Bits per pixel of the original, over the pixels that are not given. */
  originalBits: v.number(),
});

const Examples = v.pipe(
  v.object({
    /** The folder of the model that made them. */
    model: v.string(),
    side: Count,
    /** RGB bytes of every colour, [colours × 3]. */
    palette: v.pipe(
      v.array(v.pipe(Count, v.maxValue(255))),
      v.transform((bytes) => Uint8Array.from(bytes)),
    ),
    sampling: v.object({ temperature: v.number(), topK: Count, topP: v.number(), seed: Count }),
    pictures: v.array(Example),
    /** Why there are none. */
    note: v.optional(v.string()),
  }),
  v.check((all) => {
    const colours = all.palette.length / 3;
    const fits = (tokens: Int16Array) => tokens.length === all.side ** 2 && tokens.every((t) => t < colours);
    return all.pictures.every((p) => [p.tokens, p.drawing, ...p.completions.map((c) => c.tokens)].every(fits));
  }, 'a picture does not fit the side or the palette'),
);

export type Example = v.InferOutput<typeof Example>;
export type Examples = v.InferOutput<typeof Examples>;

/** @param model the folder of the shipped model that made them. @throws a plain sentence */
export async function loadExamples(model: string): Promise<Examples> {
  const response = await fetch(`${import.meta.env.BASE_URL}examples/${model}.json`).catch(() => undefined);
  if (!response?.ok)
    throw new Error(
      `The example pictures could not be loaded (${response?.status ?? 'no connection'}): draw your own.`,
    );
  const parsed = v.safeParse(Examples, await response.json().catch(() => undefined));
  if (!parsed.success) throw new Error(`The example pictures are not readable: ${parsed.issues[0].message}.`);
  return parsed.output;
}
