/** Which model is at work; the panel behind it has all models, and the ways in and out for the visitor's own. */
import { useModels } from '../../state/models.ts';
import { chosenName, useSession } from '../../state/session.ts';
import { Button } from '../Button.tsx';
import { deferred } from '../deferred.tsx';
import { ChevronDown } from '../icons.tsx';
import { Popover } from '../Popover.tsx';
import styles from './ModelChooser.module.css';

const ModelsPanel = deferred(() => import('../../models/ModelsPanel.tsx').then((part) => part.ModelsPanel));

export function ModelChooser() {
  const shown = useModels((s) => s.shown || s.asking !== null);
  const show = useModels((s) => s.show);
  const name = useSession(chosenName);
  return (
    <Popover
      label="Models"
      open={shown}
      onOpenChange={show}
      trigger={
        <Button look="quiet" className={styles.chooser} aria-label={`Model: ${name}`}>
          <span className={styles.name}>{name}</span>
          <ChevronDown />
        </Button>
      }
    >
      <ModelsPanel />
    </Popover>
  );
}
