/** The course of a training run as a safetensors file, so that any tool can read it; tokens are whole numbers in F32. */
import type { RunHistory } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { parseSafetensors, type SafeTensor, toFloat32, writeSafetensors } from './safetensors.ts';

const LISTS = { loss: 'loss', gradientNorm: 'gradient_norm', rate: 'rate', seconds: 'seconds' } as const;
const VALIDATION = 'validation';
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
  const judged = Float32Array.from(history.validations.flatMap(({ step, loss }) => [step, loss]));
  tensors.set(VALIDATION, { shape: [history.validations.length, 2], data: judged });
  for (const { step, tokens } of history.samples) {
    tensors.set(`samples.${step}`, { shape: [tokens.length], data: Float32Array.from(tokens) });
  }
  return writeSafetensors(tensors, 'F32');
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
  const history: RunHistory = {
    loss: list(LISTS.loss),
    gradientNorm: list(LISTS.gradientNorm),
    rate: list(LISTS.rate),
    seconds: list(LISTS.seconds),
    validations: Array.from({ length: judged.length / 2 }, (_, i) => ({
      step: judged[2 * i],
      loss: judged[2 * i + 1],
    })),
    samples: [],
  };
  for (const [name, tensor] of tensors) {
    const step = SAMPLES.exec(name)?.[1];
    if (step !== undefined) history.samples.push({ step: Number(step), tokens: Int16Array.from(toFloat32(tensor)) });
  }
  history.samples.sort((a, b) => a.step - b.step);
  const steps = history.loss.length;
  if ([history.gradientNorm, history.rate, history.seconds].some(({ length }) => length !== steps)) {
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
    validations: history.validations.filter((judged) => judged.step <= step),
    samples: history.samples.filter((sheet) => sheet.step <= step),
  };
}
