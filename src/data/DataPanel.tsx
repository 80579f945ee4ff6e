/** The data panel that Train and Probe share: add data by drop, by picking or with one click; choose, look, rename, delete. */
import { useRef } from 'react';
import type { BundledDataset } from '../../workers/contract.ts';
import { useDatasets } from '../state/datasets.ts';
import { useSession } from '../state/session.ts';
import { useKept } from '../state/useKept.ts';
import { Button } from '../ui/Button.tsx';
import { bytes } from '../ui/format.ts';
import { KEEPS_NOTHING } from '../ui/keeping.ts';
import { Progress } from '../ui/Progress.tsx';
import { usePageDrop } from '../ui/pageDrop.ts';
import styles from './DataPanel.module.css';
import { DatasetDetails } from './DatasetDetails.tsx';
import { droppedFiles, pickedFiles } from './incomingFiles.ts';

export function DataPanel() {
  const worker = useSession((s) => s.worker);
  const list = useDatasets((s) => s.list);
  const chosen = useDatasets((s) => s.chosen);
  const choose = useDatasets((s) => s.choose);
  const refresh = useDatasets((s) => s.refresh);
  useKept('datasets', refresh);
  const current = list?.find(({ id }) => id === chosen);

  return (
    <div className={styles.panel}>
      <div className={styles.column}>
        <Inlet disabled={!worker} />
        {list && list.length > 0 && (
          <fieldset className={styles.list}>
            <legend className={styles.legend}>Data sets in this browser</legend>
            {list.map(({ id, name, count, side, bytes: size }) => (
              <label key={id} className={styles.row}>
                <input type="radio" name="dataset" checked={id === chosen} onChange={() => void choose(id)} />
                <span className={styles.name}>{name}</span>
                <span className={styles.facts}>
                  {count.toLocaleString('en')} of {side} × {side}, {bytes(size)}
                </span>
              </label>
            ))}
          </fieldset>
        )}
        <Use />
      </div>
      {current && <DatasetDetails key={current.id} dataset={current} />}
    </div>
  );
}

/** Where files come in; those that are dropped elsewhere on the page do too. */
function Inlet({ disabled }: { disabled: boolean }) {
  const adding = useDatasets((s) => s.adding);
  const add = useDatasets((s) => s.add);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const dropping = usePageDrop(disabled, (data) => void add(droppedFiles(data)));

  const pick = (input: HTMLInputElement) => {
    const picked = pickedFiles(input.files ?? []);
    // The same files can be picked again.
    input.value = '';
    if (picked.length > 0) void add(picked);
  };

  return (
    <div className={styles.inlet} data-over={dropping || undefined}>
      <Invitation disabled={disabled} dropping={dropping} />
      <div className={styles.buttons}>
        <Button disabled={disabled} onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button disabled={disabled} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
        <Bundled disabled={disabled || adding !== null} />
      </div>
      <p className={styles.hint}>
        CIFAR-10 and CIFAR-100 (binary or Python), STL-10, Hugging Face parquet, archives of these, or pictures in one
        folder a class. Nothing leaves this machine.
      </p>
      <input ref={files} type="file" multiple hidden aria-label="Data files" onChange={(e) => pick(e.target)} />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Data folder"
        onChange={(e) => pick(e.target)}
        {...{ webkitdirectory: '' }}
      />
    </div>
  );
}

/** What can be done here now, on one line that holds its place. */
function Invitation({ disabled, dropping }: { disabled: boolean; dropping: boolean }) {
  const adding = useDatasets((s) => s.adding);
  const cancel = useDatasets((s) => s.cancel);
  if (adding) {
    const { loaded, total } = adding;
    return (
      <div className={styles.adding}>
        <Progress
          label="Reading data"
          share={total > 0 ? loaded / total : null}
          text={total > 0 ? `${bytes(loaded)} of ${bytes(total)}` : 'Reading'}
        />
        <Button look="quiet" onClick={() => void cancel()}>
          Cancel
        </Button>
      </div>
    );
  }
  if (disabled) return <p className={styles.line}>The worker is not running: open the device badge above.</p>;
  return <p className={styles.line}>{dropping ? 'Drop them to add one data set' : 'Drop files or folders here, or'}</p>;
}

/** Until it is known what comes with the page, the place is kept for all of it. */
const OFFICIAL: BundledDataset = { bytes: new Array(6).fill(30_730_000) };

/** CIFAR-10 without any files of one's own. */
function Bundled({ disabled }: { disabled: boolean }) {
  const known = useDatasets((s) => s.bundled);
  const addBundled = useDatasets((s) => s.addBundled);
  const bundled = known ?? OFFICIAL;
  if (bundled.bytes.length === 0) return <p className={styles.hint}>{bundled.note}</p>;
  const all = bundled.bytes.reduce((a, b) => a + b, 0);
  return (
    <>
      <Button disabled={disabled || !known} onClick={() => void addBundled('first')}>
        10,000 of CIFAR-10 ({bytes(bundled.bytes[0])})
      </Button>
      <Button disabled={disabled || !known} onClick={() => void addBundled('all')}>
        All of CIFAR-10 ({bytes(all)})
      </Button>
    </>
  );
}

function Use() {
  const { used, quota, unreadable } = useDatasets((s) => s.use);
  const keepsNothing = useSession((s) => s.device?.keepsNothing);
  if (keepsNothing) return <p className={styles.hint}>{KEEPS_NOTHING} what you add is gone when you leave it.</p>;
  return (
    <>
      {quota > 0 && (
        <p className={styles.hint}>
          {bytes(used)} of {bytes(quota)} of this browser's storage are in use.
        </p>
      )}
      {unreadable > 0 && (
        <p className={styles.hint}>
          {unreadable === 1 ? 'One thing that is kept here' : `${unreadable} things that are kept here`} cannot be read,
          being damaged or of a newer version of this page; what cannot be read is left as it is.
        </p>
      )}
    </>
  );
}
