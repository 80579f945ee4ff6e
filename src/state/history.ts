/** A run's course, put together from what the worker tells. */
import type { RunHistory, TrainingUpdate } from '../../workers/contract.ts';

const none = () => new Float32Array(0);

export const NO_HISTORY: RunHistory = Object.freeze({
  loss: none(),
  gradientNorm: none(),
  rate: none(),
  seconds: none(),
  validations: [],
  samples: [],
});

function joined(before: Float32Array, from: number, news: Float32Array): Float32Array {
  const whole = new Float32Array(from + news.length);
  whole.set(before.subarray(0, from));
  whole.set(news, from);
  return whole;
}

/** The course after an update. What was known of steps after `from` is void; an update from 0 is the whole course. */
export function extended(before: RunHistory, { from, news }: Pick<TrainingUpdate, 'from' | 'news'>): RunHistory {
  const kept = <T extends { step: number }>(list: T[]) => (from === 0 ? [] : list.filter(({ step }) => step <= from));
  return {
    loss: joined(before.loss, from, news.loss),
    gradientNorm: joined(before.gradientNorm, from, news.gradientNorm),
    rate: joined(before.rate, from, news.rate),
    seconds: joined(before.seconds, from, news.seconds),
    ...(news.classes && {
      classes: {
        loss: joined(before.classes?.loss ?? none(), from, news.classes.loss),
        accuracy: joined(before.classes?.accuracy ?? none(), from, news.classes.accuracy),
      },
    }),
    validations: [...kept(before.validations), ...news.validations],
    samples: [...kept(before.samples), ...news.samples],
    ...(news.probe && {
      probe: { ...news.probe, probes: [...kept(before.probe?.probes ?? []), ...news.probe.probes] },
    }),
  };
}
