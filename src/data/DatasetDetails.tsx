/** What the chosen data set holds: a sheet of its pictures, its parts, its name; and the way to delete it. */
import { useState } from 'react';
import type { DatasetInfo } from '../../workers/contract.ts';
import { useDatasets } from '../state/datasets.ts';
import { AskDelete } from '../ui/AskDelete.tsx';
import { Button } from '../ui/Button.tsx';
import { Choice } from '../ui/Choice.tsx';
import styles from './DataPanel.module.css';
import { SheetView } from './SheetView.tsx';

const PARTS = [
  { value: 'train', label: 'Train' },
  { value: 'test', label: 'Test' },
] as const;

export function DatasetDetails({ dataset }: { dataset: DatasetInfo }) {
  const sheet = useDatasets((s) => s.sheet);
  const setPart = useDatasets((s) => s.setPart);
  const { id, classes, labelled, count, sources } = dataset;
  return (
    <div className={styles.details}>
      <Name key={dataset.name} dataset={dataset} />
      <p className={styles.facts}>
        {classes.length > 0 ? `${classes.length} classes` : 'No classes'}
        {labelled > 0 && labelled < count && `, ${labelled.toLocaleString('en')} pictures have one`}
      </p>
      <div className={styles.place}>{sheet && <SheetView dataset={dataset} sheet={sheet} />}</div>
      <ul className={styles.sources} aria-label="Parts">
        {sources.map((source, i) => (
          <li key={`${source.name} ${source.part}`} className={styles.source}>
            <span className={styles.name} title={source.name}>
              {source.name}
            </span>
            <span className={styles.facts}>{source.count.toLocaleString('en')}</span>
            <Choice
              label={`Use of ${source.name}`}
              options={PARTS}
              value={source.part}
              onChange={(part) => void setPart(id, i, part)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The name can be edited in place; deleting asks once more where the button stood. */
function Name({ dataset: { id, name } }: { dataset: DatasetInfo }) {
  const rename = useDatasets((s) => s.rename);
  const remove = useDatasets((s) => s.remove);
  const [text, setText] = useState(name);
  const [asking, setAsking] = useState(false);
  const commit = () => {
    if (text.trim() !== name) void rename(id, text);
  };
  return (
    <div className={styles.title}>
      <input
        className={styles.field}
        value={text}
        maxLength={80}
        aria-label="Name of the data set"
        onChange={(e) => setText(e.target.value)}
        onBlur={commit}
        onKeyDown={(e) => {
          if (e.key === 'Enter') e.currentTarget.blur();
          if (e.key === 'Escape') setText(name);
        }}
      />
      {asking ? (
        <AskDelete onDelete={() => void remove(id)} onKeep={() => setAsking(false)} />
      ) : (
        <Button look="quiet" onClick={() => setAsking(true)}>
          Delete
        </Button>
      )}
    </div>
  );
}
