/** One model in a list; one that is kept can be renamed and deleted. */
import { type ReactNode, useState } from 'react';
import type { KeptModel } from '../../workers/contract.ts';
import { useModels } from '../state/models.ts';
import { useSession } from '../state/session.ts';
import { AskDelete } from '../ui/AskDelete.tsx';
import { Button } from '../ui/Button.tsx';
import { bytes } from '../ui/format.ts';
import { Check, More } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import styles from './ModelsPanel.module.css';

interface RowProps {
  name: string;
  facts?: string;
  current: boolean;
  /** Not given for what can be opened only from elsewhere. */
  onOpen?: () => void;
  children?: ReactNode;
}

export function Row({ name, facts, current, onOpen, children }: RowProps) {
  return (
    <li className={styles.row}>
      <button type="button" className={styles.name} aria-current={current} disabled={!onOpen} onClick={onOpen}>
        <span className={styles.mark}>{current && <Check />}</span>
        <span className={styles.text}>{name}</span>
      </button>
      {facts && <span className={styles.facts}>{facts}</span>}
      {children}
    </li>
  );
}

export function KeptRow({ kept }: { kept: KeptModel }) {
  const open = useModels((s) => s.open);
  const remove = useModels((s) => s.remove);
  const current = useSession((s) => s.source?.kind === 'files' && s.source.kept?.id === kept.id);
  const [asking, setAsking] = useState<'name' | 'delete' | null>(null);
  if (asking === 'name') return <Rename kept={kept} done={() => setAsking(null)} />;
  return (
    <Row
      name={kept.name}
      facts={`${kept.side} × ${kept.side}, ${bytes(kept.bytes)}`}
      current={current}
      onOpen={() => void open(kept)}
    >
      <Menu
        trigger={
          <Button look="quiet" square aria-label={`Actions for ${kept.name}`}>
            <More />
          </Button>
        }
      >
        <MenuItem onSelect={() => setAsking('name')}>Rename</MenuItem>
        <MenuItem onSelect={() => setAsking('delete')}>Delete</MenuItem>
      </Menu>
      {asking === 'delete' && (
        <div className={styles.buttons}>
          <AskDelete onDelete={() => void remove(kept.id)} onKeep={() => setAsking(null)} />
        </div>
      )}
    </Row>
  );
}

function Rename({ kept, done }: { kept: KeptModel; done: () => void }) {
  const rename = useModels((s) => s.rename);
  const [name, setName] = useState(kept.name);
  const commit = () => {
    if (name.trim() !== kept.name) void rename(kept.id, name);
    done();
  };
  return (
    <li className={styles.row}>
      <input
        className={styles.field}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to type here.
        autoFocus
        value={name}
        maxLength={80}
        aria-label="Name of the model"
        onChange={(event) => setName(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') done();
        }}
      />
    </li>
  );
}
