/** Complete or stop, and one line with a bar that says how far the model or the completion has come. */
import type { ModelSurvey } from '../../workers/contract.ts';
import { answers, isWhole, type Run, sampledSoFar, useCompletion } from '../state/completion.ts';
import { useDrawing } from '../state/drawing.ts';
import { useModels } from '../state/models.ts';
import { type SessionState, useSession } from '../state/session.ts';
import { Button } from '../ui/Button.tsx';
import { bytes, counted, measured, percent } from '../ui/format.ts';
import { Play, Stop } from '../ui/icons.tsx';
import { Track } from '../ui/Track.tsx';
import styles from './RunBar.module.css';

interface Progress {
  text: string;
  /** 0 to 1; null while nothing is under way. */
  share: number | null;
}

function loading(
  { phase, progress: { loaded, total } }: Pick<SessionState, 'phase' | 'progress'>,
  opening: ModelSurvey | null,
): Progress {
  const what = opening ? `${opening.name}, which takes ${bytes(opening.memory)} of memory` : 'the model';
  if (phase === 'failed')
    return { text: 'The model is not running. Open the device badge above to try again.', share: null };
  if (phase === 'starting') return { text: 'Starting the model…', share: 0 };
  if (!total) return { text: loaded ? `Loading ${what}: ${bytes(loaded)}` : `Loading ${what}…`, share: 0 };
  return {
    text: `Loading ${what}: ${bytes(loaded)} of ${bytes(total)}, ${Math.floor((loaded / total) * 100)} %`,
    share: loaded / total,
  };
}

const speed = ({ rate }: Run): string => (rate ? `, ${measured(rate)} pixels/s` : '');

const drawn = ({ variants, asked }: Run): string =>
  variants.length < asked ? `${variants.length} of ${counted(asked, 'completion')}` : counted(asked, 'completion');

/** How the run ended. */
function outcome(run: Run): string {
  if (!run.result) return 'Stopped.';
  const { seconds, resampled } = run.result;
  const replaced = resampled ? `, look-ahead replaced ${resampled}` : '';
  return `Done in ${seconds.toFixed(seconds < 10 ? 1 : 0)} s${speed(run)}${replaced}`;
}

function completing(run: Run | null, answersDrawing: boolean, allDrawn: boolean): Progress {
  if (run?.status === 'running') {
    const { sampled, unknown } = sampledSoFar(run);
    return { text: `Row ${Math.floor(run.done / run.side)} of ${run.side}${speed(run)}`, share: sampled / unknown };
  }
  if (allDrawn) return { text: 'Every pixel is drawn. Hide or erase some to go on.', share: null };
  if (!run || run.origin === 'earlier') return { text: 'Ready.', share: null };
  return { text: answersDrawing ? outcome(run) : 'The drawing has changed since.', share: null };
}

export function RunBar() {
  const phase = useSession((s) => s.phase);
  const progress = useSession((s) => s.progress);
  const opening = useModels((s) => s.opening);
  const run = useCompletion((s) => s.run);
  const complete = useCompletion((s) => s.complete);
  const stop = useCompletion((s) => s.stop);
  const answersDrawing = useDrawing((s) => answers(run, s.tokens));
  const allDrawn = useDrawing((s) => isWhole(s.tokens));

  const running = run?.status === 'running';
  const { text, share } =
    phase === 'ready' ? completing(run, answersDrawing, allDrawn) : loading({ phase, progress }, opening);
  return (
    <div className={styles.bar}>
      <Button
        look={running ? 'plain' : 'primary'}
        className={styles.button}
        disabled={phase !== 'ready'}
        title={running ? 'Stop (Escape)' : 'Complete (Ctrl or Cmd + Enter)'}
        onClick={() => (running ? stop() : void complete())}
      >
        {running ? <Stop /> : <Play />}
        {running ? 'Stop' : 'Complete'}
      </Button>
      <div className={styles.progress}>
        <p className={styles.text}>{text}</p>
        <Track
          label={phase === 'ready' ? 'Completion' : 'Model'}
          share={share}
          text={share === null ? text : percent(share)}
          idle={share === null}
        />
      </div>
      <p className={styles.spoken} role="status">
        {run?.origin === 'here' && !running ? `${drawn(run)}. ${outcome(run)}` : ''}
      </p>
    </div>
  );
}
