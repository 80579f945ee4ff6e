/** Pause, step, go on, stop; and how far the run is. */
import { useState } from 'react';
import { type OpenRun, useTraining } from '../state/training.ts';
import { Button } from '../ui/Button.tsx';
import { duration } from '../ui/format.ts';
import { Pause, Play, Step, Stop } from '../ui/icons.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Popover } from '../ui/Popover.tsx';
import { Progress } from '../ui/Progress.tsx';
import styles from './RunControls.module.css';
import { takeToComplete } from './takeToComplete.ts';

export function RunControls({ run }: { run: OpenRun }) {
  const busy = useTraining((s) => s.busy);
  const pause = useTraining((s) => s.pause);
  const resume = useTraining((s) => s.resume);
  const step = useTraining((s) => s.step);
  const stop = useTraining((s) => s.stop);
  const { info } = run;
  const { phase, recipe } = info;
  const running = phase === 'running';
  return (
    <div className={styles.controls}>
      <div className={styles.buttons}>
        {running ? (
          <Button onClick={() => void pause()}>
            <Pause />
            Pause
          </Button>
        ) : (
          phase !== 'finished' && (
            <Button look="primary" disabled={busy || phase === 'preparing'} onClick={() => void resume(info.id)}>
              <Play />
              Go on
            </Button>
          )
        )}
        {(running || phase === 'paused') && (
          <>
            {/* A step runs for a moment: its button stays where it is meanwhile. */}
            <Button disabled={busy || running} onClick={() => void step()}>
              <Step />
              One step
            </Button>
            <Button disabled={busy} title="Saves the run and gives its memory back" onClick={() => void stop()}>
              <Stop />
              Stop
            </Button>
            <Rate run={run} />
          </>
        )}
        {phase !== 'preparing' && recipe.objective === 'autoregressive' && (
          <Button look="quiet" onClick={() => void takeToComplete(info.id)}>
            Use in Complete
          </Button>
        )}
      </div>
      <Progress label={info.name} share={info.step / recipe.steps} text={progress(run)} />
    </div>
  );
}

function progress({ info, tokensPerSecond }: OpenRun): string {
  const { step, recipe, phase, size } = info;
  const so = `Step ${step.toLocaleString('en')} of ${recipe.steps.toLocaleString('en')}`;
  if (phase === 'preparing') return 'Making ready…';
  if (phase === 'finished') return `${so}, done`;
  if (phase !== 'running') return `${so}, ${phase === 'paused' ? 'paused' : 'saved'}`;
  if (tokensPerSecond === 0) return so;
  const left = ((recipe.steps - step) * recipe.batch * size.side ** 2) / tokensPerSecond;
  return `${so}, ${duration(left)} left`;
}

/** The learning rate, changed in flight. */
function Rate({ run: { info, history } }: { run: OpenRun }) {
  const setRate = useTraining((s) => s.setRate);
  const [wanted, setWanted] = useState<number | null>(null);
  const now = history.rate.at(-1) ?? 0;
  return (
    <Popover label="Learning rate" trigger={<Button look="quiet">Learning rate {now.toPrecision(2)}</Button>}>
      <div className={styles.rate}>
        <NumberField
          label="Peak learning rate"
          value={wanted ?? info.recipe.rate}
          min={1e-8}
          max={1}
          hint="From the next step on; the schedule goes on from this peak."
          onChange={setWanted}
        />
        <Button disabled={wanted === null} onClick={() => wanted !== null && void setRate(wanted)}>
          Change
        </Button>
      </div>
    </Popover>
  );
}
