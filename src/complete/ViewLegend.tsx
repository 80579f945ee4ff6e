/** How to read the current view: its scale, or the choice of an attention head. Keeps its height from view to view. */
import { useInspection } from '../state/inspection.ts';
import { useSession } from '../state/session.ts';
import { Slider } from '../ui/Slider.tsx';
import { HEAT_GRADIENT } from './heatColours.ts';
import styles from './ViewLegend.module.css';
import { VIEW_TEXTS } from './views.ts';

export function ViewLegend() {
  const view = useInspection((s) => s.view);
  const { meaning, most } = VIEW_TEXTS[view];
  return (
    <div className={styles.legend}>
      {view === 'attention' ? <HeadChoice /> : <p className={styles.text}>{meaning}</p>}
      {most && (
        <div className={styles.scale}>
          <span>0</span>
          <span className={styles.ramp} style={{ backgroundImage: HEAT_GRADIENT }} />
          <span>{most} bits</span>
        </div>
      )}
    </div>
  );
}

function HeadChoice() {
  const model = useSession((s) => s.model);
  const layer = useInspection((s) => s.layer);
  const head = useInspection((s) => s.head);
  const lookThrough = useInspection((s) => s.lookThrough);
  if (!model) return <p className={styles.text}>Attention can be seen once the model is ready.</p>;
  return (
    <div className={styles.heads}>
      <Slider
        inline
        label="Layer"
        min={1}
        max={model.layers}
        step={1}
        value={layer + 1}
        onChange={(n) => lookThrough(n - 1, head)}
      />
      <Slider
        inline
        label="Head"
        min={1}
        max={model.heads}
        step={1}
        value={head + 1}
        onChange={(n) => lookThrough(layer, n - 1)}
      />
    </div>
  );
}
