/** All models: those of the page, those kept in this browser, and what else is open; ways in, and ways out. */
import { useRef } from 'react';
import { SHIPPED_MODELS } from '../complete/models.ts';
import { pickedFiles } from '../data/incomingFiles.ts';
import { useModels } from '../state/models.ts';
import { modelName, useSession } from '../state/session.ts';
import { useKept } from '../state/useKept.ts';
import { Button } from '../ui/Button.tsx';
import { download, slug } from '../ui/download.ts';
import { bytes, count } from '../ui/format.ts';
import { Progress } from '../ui/Progress.tsx';
import { KeptRow, Row } from './ModelRows.tsx';
import styles from './ModelsPanel.module.css';

export function ModelsPanel() {
  return (
    <div className={styles.panel}>
      <Asking />
      <Shipped />
      <Own />
      <Export />
    </div>
  );
}

/** What a large model takes, before it takes it. */
function Asking() {
  const asking = useModels((s) => s.asking);
  if (!asking) return null;
  const { name, parameters, bytes: size, memory } = asking.survey;
  return (
    <div className={styles.asking} role="alert">
      <p>
        <strong>{name}</strong> has {count(parameters)} parameters in {bytes(size)}. With these settings it takes about{' '}
        {bytes(memory)} of memory.
      </p>
      <div className={styles.buttons}>
        <Button look="primary" onClick={() => asking.answer(true)}>
          Open it
        </Button>
        <Button look="quiet" onClick={() => asking.answer(false)}>
          Leave it
        </Button>
      </div>
    </div>
  );
}

function Shipped() {
  const current = useSession((s) => s.model?.id);
  const openModel = useSession((s) => s.openModel);
  const show = useModels((s) => s.show);
  return (
    <div>
      <h2 className={styles.caption}>With this page</h2>
      <ul className={styles.list} aria-label="Models of this page">
        {SHIPPED_MODELS.map(({ id, name }) => (
          <Row
            key={id}
            name={name}
            current={id === current}
            onOpen={() => {
              show(false);
              void openModel({ kind: 'shipped', id });
            }}
          />
        ))}
      </ul>
    </div>
  );
}

function Own() {
  const list = useModels((s) => s.list);
  const refresh = useModels((s) => s.refresh);
  const worker = useSession((s) => s.worker);
  const source = useSession((s) => s.source);
  const model = useSession((s) => s.model);
  useKept('models', refresh);
  const passing = model && source && source.kind !== 'shipped' && !(source.kind === 'files' && source.kept);
  return (
    <div className={styles.group}>
      <h2 className={styles.caption}>Your own</h2>
      {(passing || (list && list.length > 0)) && (
        <ul className={styles.list} aria-label="Models of your own">
          {passing && <Row name={modelName(model)} facts={source.kind === 'run' ? 'a run' : 'not kept'} current />}
          {list?.map((kept) => (
            <KeptRow key={kept.id} kept={kept} />
          ))}
        </ul>
      )}
      <Inlet disabled={!worker} />
    </div>
  );
}

function Inlet({ disabled }: { disabled: boolean }) {
  const add = useModels((s) => s.add);
  const busy = useModels((s) => s.busy);
  const keepsNothing = useSession((s) => s.device?.keepsNothing);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const pick = (input: HTMLInputElement) => {
    const picked = pickedFiles(input.files ?? []);
    // The same files can be picked again.
    input.value = '';
    if (picked.length > 0) void add(picked);
  };
  return (
    <>
      <Reading />
      <div className={styles.buttons}>
        <Button disabled={disabled || busy} onClick={() => files.current?.click()}>
          Open files
        </Button>
        <Button disabled={disabled || busy} onClick={() => folder.current?.click()}>
          Open a folder
        </Button>
      </div>
      <p className={styles.hint}>
        An Image GPT as Hugging Face has it: config.json, preprocessor_config.json and model.safetensors, or a zip of
        them. Dropping them on Complete does the same. Nothing leaves this machine,{' '}
        {keepsNothing ? 'and this browser keeps nothing for this page.' : 'and this browser keeps a copy.'}
      </p>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept=".json,.safetensors,.bin,.zip"
        aria-label="Model files"
        onChange={(e) => pick(e.target)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Model folder"
        onChange={(e) => pick(e.target)}
        {...{ webkitdirectory: '' }}
      />
    </>
  );
}

function Reading() {
  const opening = useModels((s) => s.opening);
  const { loaded, total } = useSession((s) => s.progress);
  if (!opening) return null;
  return (
    <Progress
      label={`Reading ${opening.name}`}
      share={total > 0 ? loaded / total : null}
      text={`${bytes(loaded)} of ${bytes(total || opening.bytes)}`}
    />
  );
}

const HALVES = { F32: 4, F16: 2 };

function Export() {
  const model = useSession((s) => s.model);
  const ready = useSession((s) => s.phase === 'ready');
  const busy = useModels((s) => s.busy);
  const exportModel = useModels((s) => s.exportModel);
  if (!model) return null;
  const save = async (dtype: 'F32' | 'F16') => {
    const archive = await exportModel(dtype);
    if (archive) download(archive, `${slug(model.name)}-${dtype.toLowerCase()}.zip`);
  };
  return (
    <div className={styles.group}>
      <h2 className={styles.caption}>Take the current one away</h2>
      <div className={styles.buttons}>
        {(['F32', 'F16'] as const).map((dtype) => (
          <Button key={dtype} disabled={!ready || busy} onClick={() => void save(dtype)}>
            Export {dtype}, {bytes(model.parameters * HALVES[dtype])}
          </Button>
        ))}
      </div>
    </div>
  );
}
