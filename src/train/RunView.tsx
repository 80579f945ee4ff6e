/** The run that is shown: what can be done with it, its figures, its charts, and what it draws. */
import { useTraining } from '../state/training.ts';
import { FilmStrip } from './FilmStrip.tsx';
import { LayerProbes } from './LayerProbes.tsx';
import { RunCharts } from './RunCharts.tsx';
import { RunControls } from './RunControls.tsx';
import { RunFigures } from './RunFigures.tsx';
import styles from './RunView.module.css';
import { StartButton } from './StartButton.tsx';

export function RunView() {
  const open = useTraining((s) => s.open);
  if (!open) {
    return (
      <div className={styles.empty}>
        <p>
          Nothing is being trained. Choose data and a size, and start: the loss falls here while you watch, and the
          model draws what it has learnt.
        </p>
        <StartButton />
      </div>
    );
  }
  const { info, history } = open;
  return (
    <div className={styles.run}>
      <RunControls run={open} />
      <RunFigures run={open} />
      {info.note && <p className={styles.note}>{info.note}</p>}
      <RunCharts info={info} history={history} />
      <LayerProbes info={info} history={history} />
      <FilmStrip info={info} samples={history.samples} />
    </div>
  );
}
