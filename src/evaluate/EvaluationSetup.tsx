/** Which models are evaluated, what is measured of them, on how many pictures, and in whose features. */
import { candidatesOf } from '../probe/candidates.ts';
import { ModelPicker } from '../probe/ModelPicker.tsx';
import { countsFor, type Part, useEvaluation } from '../state/evaluation.ts';
import { SAMPLING_RANGES } from '../state/sampling.ts';
import { useSession } from '../state/session.ts';
import { useTraining } from '../state/training.ts';
import { Choice } from '../ui/Choice.tsx';
import { Choices } from '../ui/Choices.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { SeedField } from '../ui/SeedField.tsx';
import styles from './EvaluationSetup.module.css';

const MANY = 1_000_000;
const PARTS = [
  { value: 'likelihood', label: 'Likelihood' },
  { value: 'samples', label: 'Samples' },
  { value: 'distance', label: 'Distance' },
  { value: 'nearest', label: 'Nearest pictures' },
] as const;
const SCORED = [
  { value: 'test', label: 'Held back' },
  { value: 'train', label: 'Learnt from' },
] as const;
const DRAWN = [16, 64, 256, 1024].map((count) => ({ value: String(count), label: count.toLocaleString('en') }));

export function EvaluationSetup() {
  const parts = useEvaluation((s) => s.parts);
  const seed = useEvaluation((s) => s.seed);
  const change = useEvaluation((s) => s.change);
  const draws = parts.samples || parts.distance || parts.nearest;
  return (
    <div className={styles.setup}>
      <ModelPicker />
      <div>
        <p className={styles.label} aria-hidden="true">
          Measure
        </p>
        <Choices
          label="Measure"
          options={PARTS}
          values={PARTS.map(({ value }) => value).filter((value) => parts[value])}
          onChange={(on) => {
            const wanted = Object.fromEntries(PARTS.map(({ value }) => [value, on.includes(value)]));
            // None at all would measure nothing.
            if (on.length > 0) change({ parts: wanted as Record<Part, boolean> });
          }}
        />
      </div>
      {parts.likelihood && <Scored />}
      {draws && <Drawn />}
      {(parts.distance || parts.nearest) && <RulerFields />}
      <SeedField seed={seed} onChange={(wanted) => change({ seed: wanted })} />
    </div>
  );
}

function Scored() {
  const scored = useEvaluation((s) => s.scored);
  const count = useEvaluation((s) => s.count);
  const device = useSession((s) => s.device);
  const change = useEvaluation((s) => s.change);
  return (
    <div className={styles.pair}>
      <div>
        <p className={styles.label} aria-hidden="true">
          Pictures to score
        </p>
        <Choice
          label="Pictures to score"
          options={SCORED}
          value={scored}
          onChange={(part) => change({ scored: part })}
        />
      </div>
      <NumberField
        label="How many"
        value={countsFor({ count, searched: null }, device).count}
        min={1}
        max={MANY}
        whole
        hint="At most, drawn by the seed."
        onChange={(wanted) => change({ count: wanted })}
      />
    </div>
  );
}

function Drawn() {
  const drawn = useEvaluation((s) => s.drawn);
  const sampling = useEvaluation((s) => s.sampling);
  const change = useEvaluation((s) => s.change);
  const set = (part: Partial<typeof sampling>) => change({ sampling: { ...sampling, ...part } });
  return (
    <>
      <div>
        <p className={styles.label} aria-hidden="true">
          Samples to draw
        </p>
        <Choice
          label="Samples to draw"
          options={DRAWN}
          value={String(drawn)}
          onChange={(count) => change({ drawn: Number(count) })}
        />
        <p className={styles.hint}>A distance needs twice as many held-back pictures.</p>
      </div>
      <div className={styles.three}>
        <NumberField
          label="Temperature"
          value={sampling.temperature}
          min={SAMPLING_RANGES.temperature.min}
          max={SAMPLING_RANGES.temperature.max}
          onChange={(temperature) => set({ temperature })}
        />
        <NumberField
          label="Top-k"
          value={sampling.topK}
          min={SAMPLING_RANGES.topK.min}
          max={SAMPLING_RANGES.topK.max}
          whole
          hint="0 is all."
          onChange={(topK) => set({ topK })}
        />
        <NumberField
          label="Top-p"
          value={sampling.topP}
          min={SAMPLING_RANGES.topP.min}
          max={SAMPLING_RANGES.topP.max}
          hint="1 is all."
          onChange={(topP) => set({ topP })}
        />
      </div>
    </>
  );
}

const MIDDLE = 'middle';

function RulerFields() {
  const model = useSession((s) => s.model);
  const source = useSession((s) => s.source);
  const device = useSession((s) => s.device);
  const runs = useTraining((s) => s.list);
  const { ruler, layer, searched, parts, change } = useEvaluation((s) => s);
  const candidates = candidatesOf({ model, source }, runs);
  const chosen = candidates.find(({ key }) => key === ruler) ?? candidates[0];
  const layers = chosen?.size?.layers;
  return (
    <>
      <div className={styles.pair}>
        <div className={styles.field}>
          <label className={styles.label} htmlFor="ruler">
            Features of
          </label>
          <select
            id="ruler"
            className={styles.select}
            value={chosen?.key}
            onChange={(event) => change({ ruler: event.target.value, layer: null })}
          >
            {candidates.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div className={styles.field}>
          <label className={styles.label} htmlFor="ruler-layer">
            Layer
          </label>
          <select
            id="ruler-layer"
            className={styles.select}
            value={layer ?? MIDDLE}
            onChange={(event) => change({ layer: event.target.value === MIDDLE ? null : Number(event.target.value) })}
          >
            <option value={MIDDLE}>Middle{layers !== undefined && ` (${Math.floor(layers / 2)})`}</option>
            {layers !== undefined &&
              Array.from({ length: layers + 1 }, (_, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its number
                <option key={at} value={at}>
                  {at}
                </option>
              ))}
          </select>
        </div>
      </div>
      {parts.nearest && (
        <NumberField
          label="Training pictures to compare by features"
          value={countsFor({ count: null, searched }, device).searched}
          min={1}
          max={MANY}
          whole
          hint="At most. By colour all are compared."
          onChange={(wanted) => change({ searched: wanted })}
        />
      )}
    </>
  );
}
