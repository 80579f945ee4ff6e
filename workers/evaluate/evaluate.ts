/**
 * What a model is worth: how well it foresees pictures that it has not seen, and how far what it draws lies from real ones and
 * from those that it learnt from. Each part needs the model in one form alone, which goes before the next one comes.
 */
import type { Evaluation, Measures, NearestPictures } from '../contract.ts';
import { decodeTokens } from '../data/palette.ts';
import { BadInput } from '../errors.ts';
import type { Scorer } from '../igpt/scorer.ts';
import { frechetDistance, momentsOf } from './frechet.ts';
import { scorePictures, summary } from './likelihood.ts';
import { NearestByColour, NearestByFeatures } from './nearest.ts';
import { begunByClass, blocksOf, type Pictures } from './pictures.ts';
import type { Reduction, Ruler } from './ruler.ts';
import { type Decode, drawSamples } from './samples.ts';
import { type EvaluationWork, pieceOf, progressOf } from './work.ts';

/** The most pictures on a sheet, and so the most that are looked for among those that were learnt from. */
export const SHEET = 64;

/** Milliseconds between two messages of a likelihood that is on its way. */
const UPDATE_MS = 120;

/** A model, in whatever form a part needs it. */
export interface Subject {
  reduction: Reduction;
  openScorer(): Promise<Scorer>;
  /** `atOnce`: the most pictures that it decodes at once. */
  openDecode(): Promise<{ decode: Decode; atOnce: number; dispose(): void }>;
  openRuler(): Promise<Ruler>;
}

/** In an order that means nothing, with their numbers in the data set. */
export interface NumberedPictures extends Pictures {
  numbers: Uint32Array;
}

export interface EvaluationData {
  heldBack: NumberedPictures;
  training: NumberedPictures;
}

/** onSamples hears all pictures that were drawn, tokens [n, pixels]; onFound hears of the first ones. */
export async function evaluate(
  subject: Subject,
  data: EvaluationData,
  measures: Measures,
  work: EvaluationWork,
  onFound: (part: Partial<Evaluation>) => void,
  onSamples: (tokens: Int16Array) => void = () => {},
): Promise<void> {
  checkMeasures(data, measures);
  if (measures.scored.count > 0) await score(subject, data, measures, work, onFound);
  if (measures.drawn === 0) return;
  const samples = await draw(subject, data.heldBack, measures, work, onFound);
  onSamples(samples);
  if (!measures.distance && !measures.nearest) return;
  const ruler = await subject.openRuler();
  try {
    await compare(samples, subject.reduction, ruler, data, measures, work, onFound);
  } finally {
    ruler.dispose();
  }
}

/** @throws BadInput for what the data cannot answer, before anything runs */
export function checkMeasures({ heldBack, training }: EvaluationData, measures: Measures): void {
  const { scored, drawn, distance, nearest } = measures;
  if (scored.count > 0 && (scored.part === 'train' ? training : heldBack).count === 0) {
    throw new BadInput(`There are no ${scored.part === 'train' ? 'training' : 'held-back'} pictures to score.`);
  }
  if (drawn === 0) return;
  const count = heldBack.count.toLocaleString('en');
  if (distance && drawn < 2) throw new BadInput('A distance between sets of pictures needs two of each at least.');
  if (distance && heldBack.count < 2 * drawn) {
    throw new BadInput(
      `A distance over ${drawn.toLocaleString('en')} pictures needs twice as many held-back ones, half of them for real against ` +
        `real, but there are ${count}: draw fewer, or mark more pictures as test.`,
    );
  }
  if (nearest && training.count === 0) throw new BadInput('There are no training pictures to search.');
  if (nearest && heldBack.count === 0) throw new BadInput('There are no held-back pictures to compare with.');
}

async function score(
  subject: Subject,
  { heldBack, training }: EvaluationData,
  { scored }: Measures,
  work: EvaluationWork,
  onFound: (part: Partial<Evaluation>) => void,
): Promise<void> {
  const pictures = scored.part === 'train' ? training : heldBack;
  const scorer = await subject.openScorer();
  try {
    const found = (nats: Float64Array) => {
      const byClass = begunByClass(pictures.starts?.subarray(0, nats.length));
      onFound({ likelihood: { ...summary(nats), pictures: pictures.numbers.slice(0, nats.length), byClass } });
    };
    let toldAt = performance.now();
    const count = Math.min(scored.count, pictures.count);
    const nats = await scorePictures(scorer, pictures, count, work, (some) => {
      if (performance.now() - toldAt < UPDATE_MS) return;
      toldAt = performance.now();
      found(some);
    });
    found(nats);
  } finally {
    scorer.dispose();
  }
}

async function draw(
  { reduction, openDecode }: Subject,
  { starts }: NumberedPictures,
  { drawn, sampling, seed }: Measures,
  work: EvaluationWork,
  onFound: (part: Partial<Evaluation>) => void,
): Promise<Int16Array> {
  const { side, bytes } = reduction;
  const pixels = side * side;
  const { decode, atOnce, dispose } = await openDecode();
  let shown = 0;
  try {
    const begun = starts?.length ? starts.subarray(0, drawn) : undefined;
    const byClass = begun && { byClass: begunByClass(begun)! > 0 };
    const onDrawn = (tokens: Int16Array) => {
      const sheet = tokens.subarray(0, SHEET * pixels);
      if (sheet.length === shown) return;
      shown = sheet.length;
      onFound({ samples: { side, pixels: decodeTokens(sheet, bytes), ...byClass } });
    };
    return await drawSamples(decode, pixels, drawn, { ...sampling, seed }, work, onDrawn, begun, atOnce);
  } finally {
    dispose();
  }
}

async function compare(
  samples: Int16Array,
  { side, bytes }: Reduction,
  ruler: Ruler,
  { heldBack, training }: EvaluationData,
  { drawn, distance, nearest, searched }: Measures,
  work: EvaluationWork,
  onFound: (part: Partial<Evaluation>) => void,
): Promise<void> {
  const pixels = side * side;
  const sheet = Math.min(drawn, SHEET);
  const alongside = Math.min(sheet, heldBack.count);
  const held = distance ? 2 * drawn : alongside;
  const most = nearest ? Math.min(searched, training.count) : 0;
  const tell = progressOf(work, 'features', drawn + held + most);
  const drawnRows = await ruler.rows(samples, work, tell);
  const heldTokens = await heldBack.tokens(0, held);
  const heldRows = await ruler.rows(heldTokens, work, (done) => tell(drawn + done));

  if (distance) {
    const { layer, width } = ruler;
    const pause = () => pieceOf(work, async () => {});
    const moments = (rows: Float32Array) => momentsOf(rows, width, pause);
    const real = await moments(heldRows.subarray(0, drawn * width));
    const other = await moments(heldRows.subarray(drawn * width));
    onFound({
      distance: {
        layer,
        width,
        pictures: drawn,
        drawn: await frechetDistance(await moments(drawnRows), real, pause),
        floor: await frechetDistance(other, real, pause),
      },
    });
  }
  if (!nearest) return;
  const few = new Int16Array((sheet + alongside) * pixels);
  few.set(samples.subarray(0, sheet * pixels));
  few.set(heldTokens.subarray(0, alongside * pixels), sheet * pixels);
  const rows = new Float32Array((sheet + alongside) * ruler.width);
  rows.set(drawnRows.subarray(0, sheet * ruler.width));
  rows.set(heldRows.subarray(0, alongside * ruler.width), sheet * ruler.width);
  const byColour = new NearestByColour(bytes, few, pixels);
  const byFeatures = new NearestByFeatures(rows, ruler.width);
  for await (const { first, tokens } of blocksOf(training, 0, most)) {
    byFeatures.offer(await ruler.rows(tokens, work, (done) => tell(drawn + held + first + done)), first);
  }
  const tellSearched = progressOf(work, 'nearest', training.count);
  for await (const { first, tokens } of blocksOf(training, 0, training.count)) {
    await pieceOf(work, async () => byColour.offer(tokens, first));
    tellSearched(first + tokens.length / pixels);
  }
  const answer = ({ found }: NearestByColour | NearestByFeatures, among: number): NearestPictures => ({
    pictures: found.places.subarray(0, sheet).map((place) => training.numbers[place]),
    distances: found.distances.slice(0, sheet),
    usual: median(found.distances.slice(sheet)),
    searched: among,
  });
  onFound({ nearest: { byColour: answer(byColour, training.count), byFeatures: answer(byFeatures, most) } });
}

function median(values: Float64Array): number {
  const sorted = values.sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
