/** Which models are probed, on how many pictures, with how many labels, and what they are compared with. */
import { mostFor, useProbing } from '../state/probing.ts';
import { useSession } from '../state/session.ts';
import { Choices } from '../ui/Choices.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { SeedField } from '../ui/SeedField.tsx';
import { ModelPicker } from './ModelPicker.tsx';
import styles from './ProbeSetup.module.css';
import { LABEL_COUNTS, labelsName } from './plan.ts';

const MANY = 1_000_000;
const LABELS = LABEL_COUNTS.map((count) => ({ value: String(count), label: labelsName(count) }));
const BASELINES = [
  { value: 'stacked', label: 'All layers together' },
  { value: 'untrained', label: 'Untrained model' },
  { value: 'pixels', label: 'Raw pixels' },
] as const;

export function ProbeSetup() {
  const labels = useProbing((s) => s.labels);
  const baselines = useProbing((s) => s.baselines);
  const seed = useProbing((s) => s.seed);
  const change = useProbing((s) => s.change);
  return (
    <div className={styles.setup}>
      <ModelPicker />
      <div>
        <p className={styles.label} aria-hidden="true">
          Beside them
        </p>
        <Choices
          label="Beside them"
          options={BASELINES}
          values={BASELINES.map(({ value }) => value).filter((value) => baselines[value])}
          onChange={(on) =>
            change({
              baselines: {
                stacked: on.includes('stacked'),
                untrained: on.includes('untrained'),
                pixels: on.includes('pixels'),
              },
            })
          }
        />
      </div>
      <div>
        <p className={styles.label} aria-hidden="true">
          Labels to learn from
        </p>
        <Choices
          label="Labels to learn from"
          options={LABELS}
          values={labels.map(String)}
          onChange={(on) => {
            const wanted = LABEL_COUNTS.filter((count) => on.includes(String(count)));
            // None at all would probe nothing.
            if (wanted.length > 0) change({ labels: wanted });
          }}
        />
        <p className={styles.hint}>A number takes as many of each class. Several make a chart by labels.</p>
      </div>
      <Pictures />
      <SeedField seed={seed} onChange={(wanted) => change({ seed: wanted })} />
    </div>
  );
}

function Pictures() {
  const chosen = useProbing((s) => s.most);
  const device = useSession((s) => s.device);
  const most = mostFor(chosen, device);
  const change = useProbing((s) => s.change);
  return (
    <div className={styles.pair}>
      <NumberField
        label="Training pictures"
        value={most.train}
        min={2}
        max={MANY}
        whole
        hint="At most, where all are taken."
        onChange={(train) => change({ most: { ...most, train } })}
      />
      <NumberField
        label="Test pictures"
        value={most.test}
        min={2}
        max={MANY}
        whole
        hint="At most."
        onChange={(test) => change({ most: { ...most, test } })}
      />
    </div>
  );
}
