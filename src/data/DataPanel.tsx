/** The data panel that Train and Probe share: add data by drop, by picking or with one click; choose, look, rename, delete. */
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { carriesFiles } from '../canvas/incomingPicture.ts';
import { useDatasets } from '../state/datasets.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/Button.tsx';
import { bytes } from '../ui/format.ts';
import styles from './DataPanel.module.css';
import { DatasetDetails } from './DatasetDetails.tsx';
import { droppedFiles, pickedFiles } from './incomingFiles.ts';

export function DataPanel() {
  const ready = useSession((s) => s.phase === 'ready');
  const list = useDatasets((s) => s.list);
  const chosen = useDatasets((s) => s.chosen);
  const choose = useDatasets((s) => s.choose);
  const refresh = useDatasets((s) => s.refresh);
  useEffect(() => {
    if (ready) void refresh();
  }, [ready, refresh]);
  const current = list?.find(({ id }) => id === chosen);

  return (
    <div className={styles.panel}>
      <Inlet disabled={!ready} />
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
      {current && <DatasetDetails key={current.id} dataset={current} />}
      <Use />
    </div>
  );
}

/** Where files come in. A drop beside it is not taken: elsewhere on the page it has another meaning. */
function Inlet({ disabled }: { disabled: boolean }) {
  const adding = useDatasets((s) => s.adding);
  const add = useDatasets((s) => s.add);
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const hover = (event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(!disabled);
  };
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    if (!disabled) void droppedFiles(event.dataTransfer).then(add);
  };
  const pick = (input: HTMLInputElement) => {
    const picked = pickedFiles(input.files ?? []);
    // The same files can be picked again.
    input.value = '';
    if (picked.length > 0) void add(picked);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has its equal in the buttons inside.
    <div
      className={styles.inlet}
      data-over={over || undefined}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {adding ? <Adding loaded={adding.loaded} total={adding.total} /> : <p>Drop files or folders here, or</p>}
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

function Adding({ loaded, total }: { loaded: number; total: number }) {
  const cancel = useDatasets((s) => s.cancel);
  return (
    <div className={styles.adding}>
      <progress value={total > 0 ? loaded : undefined} max={total || 1} aria-label="Reading data" />
      <span className={styles.facts}>{total > 0 ? `${bytes(loaded)} of ${bytes(total)}` : 'Reading'}</span>
      <Button look="quiet" onClick={() => void cancel()}>
        Cancel
      </Button>
    </div>
  );
}

/** CIFAR-10 without any files of one's own. */
function Bundled({ disabled }: { disabled: boolean }) {
  const bundled = useDatasets((s) => s.bundled);
  const addBundled = useDatasets((s) => s.addBundled);
  if (!bundled) return null;
  if (bundled.bytes.length === 0) return <p className={styles.hint}>{bundled.note}</p>;
  const all = bundled.bytes.reduce((a, b) => a + b, 0);
  return (
    <>
      <Button disabled={disabled} onClick={() => void addBundled('first')}>
        10,000 of CIFAR-10 ({bytes(bundled.bytes[0])})
      </Button>
      <Button disabled={disabled} onClick={() => void addBundled('all')}>
        All of CIFAR-10 ({bytes(all)})
      </Button>
    </>
  );
}

function Use() {
  const { used, quota } = useDatasets((s) => s.use);
  if (quota === 0) return null;
  return (
    <p className={styles.hint}>
      {bytes(used)} of {bytes(quota)} of this browser's storage are in use.
    </p>
  );
}
