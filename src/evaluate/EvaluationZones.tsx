/** The evaluation's two zones beside its settings: what comes out of it, and what it means of one model. */
import { Zone } from '../ui/Zone.tsx';
import zones from '../ui/zones.module.css';
import { EvaluationView } from './EvaluationView.tsx';
import { ModelView } from './ModelView.tsx';

export function EvaluationZones() {
  return (
    <>
      <div className={zones.out}>
        <Zone title="Evaluation">
          <EvaluationView />
        </Zone>
      </div>
      <div className={zones.meaning}>
        <Zone title="One model">
          <ModelView />
        </Zone>
      </div>
    </>
  );
}
