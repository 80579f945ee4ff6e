/** The course of a training run as a safetensors file, so that any tool can read it; tokens are whole numbers in F32. */
import type { ProbeCourse, RunHistory } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { parseSafetensors, type SafeTensor, toFloat32, writeSafetensors } from './safetensors.ts';

const LISTS = { loss: 'loss', gradientNorm: 'gradient_norm', rate: 'rate', seconds: 'seconds' } as const;
/** Where classes are learnt. */
const CLASS_LISTS = { loss: 'class_loss', accuracy: 'accuracy' } as const;
/** A row a judgement: step and loss, and where classes are learnt their loss and accuracy. */
const VALIDATION = 'validation';
/** Where layers were probed, a row a probe: step, seconds, and the accuracy of each layer. */
const PROBES = 'probes';
/** What is the same for all of them: pictures learnt from and judged by, chance, accuracy of the pixels and its seconds. */
const PROBED = 'probed';
const SAMPLES = /^samples\.(\d+)$/;

export function emptyHistory(): RunHistory {
  const none = () => new Float32Array(0);
  return { loss: none(), gradientNorm: none(), rate: none(), seconds: none(), validations: [], samples: [] };
}

export function writeHistory(history: RunHistory): Uint8Array {
  const tensors = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const [key, name] of Object.entries(LISTS)) {
    const data = history[key as keyof typeof LISTS];
    tensors.set(name, { shape: [data.length], data });
  }
  for (const [key, data] of Object.entries(history.classes ?? {})) {
    tensors.set(CLASS_LISTS[key as keyof typeof CLASS_LISTS], { shape: [data.length], data });
  }
  const rows = history.validations.map(({ step, loss, classes }) =>
    classes ? [step, loss, classes.loss, classes.accuracy] : [step, loss],
  );
  const width = rows[0]?.length ?? 2;
  tensors.set(VALIDATION, { shape: [rows.length, width], data: Float32Array.from(rows.flat()) });
  for (const { step, tokens } of history.samples) {
    tensors.set(`samples.${step}`, { shape: [tokens.length], data: Float32Array.from(tokens) });
  }
  if (history.probe) writeProbes(history.probe, tensors);
  return writeSafetensors(tensors, 'F32');
}

function writeProbes(
  { learnt, tested, chance, pixels, probes }: ProbeCourse,
  tensors: Map<string, { shape: number[]; data: Float32Array }>,
): void {
  const rows = probes.map(({ step, seconds, accuracy }) => [step, seconds, ...accuracy]);
  const width = rows[0]?.length ?? 2;
  tensors.set(PROBES, { shape: [rows.length, width], data: Float32Array.from(rows.flat()) });
  const same = [learnt, tested, chance, pixels.accuracy, pixels.seconds];
  tensors.set(PROBED, { shape: [same.length], data: Float32Array.from(same) });
}

function readProbes(same: Float32Array, rows: Float32Array, width: number): ProbeCourse {
  const [learnt, tested, chance, accuracy, seconds] = same;
  const probes = Array.from({ length: rows.length / width }, (_, i) => {
    const [step, took, ...accuracies] = rows.subarray(i * width, (i + 1) * width);
    return { step, seconds: took, accuracy: Float32Array.from(accuracies) };
  });
  return { learnt, tested, chance, pixels: { accuracy, seconds }, probes };
}

/** @throws BadInput if the file is damaged. */
export function readHistory(bytes: Uint8Array): RunHistory {
  const tensors = parseSafetensors(bytes);
  const list = (name: string): Float32Array => {
    const found: SafeTensor | undefined = tensors.get(name);
    if (!found) throw new BadInput(`The history lacks the list "${name}".`);
    return toFloat32(found);
  };
  const judged = list(VALIDATION);
  const width = tensors.get(VALIDATION)!.shape[1];
  const taught = tensors.has(CLASS_LISTS.accuracy);
  const history: RunHistory = {
    loss: list(LISTS.loss),
    gradientNorm: list(LISTS.gradientNorm),
    rate: list(LISTS.rate),
    seconds: list(LISTS.seconds),
    ...(taught && { classes: { loss: list(CLASS_LISTS.loss), accuracy: list(CLASS_LISTS.accuracy) } }),
    validations: Array.from({ length: judged.length / width }, (_, i) => {
      const [step, loss, classLoss, accuracy] = judged.subarray(i * width, (i + 1) * width);
      return width === 2 ? { step, loss } : { step, loss, classes: { loss: classLoss, accuracy } };
    }),
    samples: [],
    ...(tensors.has(PROBED) && { probe: readProbes(list(PROBED), list(PROBES), tensors.get(PROBES)!.shape[1]) }),
  };
  for (const [name, tensor] of tensors) {
    const step = SAMPLES.exec(name)?.[1];
    if (step !== undefined) history.samples.push({ step: Number(step), tokens: Int16Array.from(toFloat32(tensor)) });
  }
  history.samples.sort((a, b) => a.step - b.step);
  const steps = history.loss.length;
  const { gradientNorm, rate, seconds, classes } = history;
  if ([gradientNorm, rate, seconds, ...Object.values(classes ?? {})].some(({ length }) => length !== steps)) {
    throw new BadInput('The lists of the history are of different lengths.');
  }
  return history;
}

/** What had happened by a step. */
export function historyUntil(history: RunHistory, step: number): RunHistory {
  return {
    loss: history.loss.slice(0, step),
    gradientNorm: history.gradientNorm.slice(0, step),
    rate: history.rate.slice(0, step),
    seconds: history.seconds.slice(0, step),
    ...(history.classes && {
      classes: { loss: history.classes.loss.slice(0, step), accuracy: history.classes.accuracy.slice(0, step) },
    }),
    validations: history.validations.filter((judged) => judged.step <= step),
    samples: history.samples.filter((sheet) => sheet.step <= step),
    ...(history.probe && {
      probe: { ...history.probe, probes: history.probe.probes.filter((one) => one.step <= step) },
    }),
  };
}
