/** The runs in this browser: shown, compared, taken to Complete, renamed, copied, taken away, deleted; and brought in. */
import { useRef, useState } from 'react';
import type { RunInfo } from '../../workers/contract.ts';
import { useSession } from '../state/session.ts';
import { type TrainingState, training, useTraining } from '../state/training.ts';
import { useKept } from '../state/useKept.ts';
import { AskDelete } from '../ui/AskDelete.tsx';
import { Button } from '../ui/Button.tsx';
import { download, slug } from '../ui/download.ts';
import { bytes, count, percent } from '../ui/format.ts';
import { More } from '../ui/icons.tsx';
import { KEEPS_NOTHING } from '../ui/keeping.ts';
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu.tsx';
import { csvOf } from './csv.ts';
import styles from './RunList.module.css';
import { takeToComplete } from './takeToComplete.ts';

export function RunList() {
  const list = useTraining((s) => s.list);
  const refresh = useTraining((s) => s.refresh);
  const importRun = useTraining((s) => s.importRun);
  const worker = useSession((s) => s.worker);
  const keepsNothing = useSession((s) => s.device?.keepsNothing);
  const picker = useRef<HTMLInputElement>(null);
  useKept('runs', refresh);
  return (
    <div className={styles.runs}>
      {keepsNothing ? (
        <p className={styles.none}>{KEEPS_NOTHING} export a run, or it is gone when you leave.</p>
      ) : (
        list?.length === 0 && <p className={styles.none}>No run is kept in this browser yet.</p>
      )}
      {list && list.length > 0 && (
        <ul className={styles.list} aria-label="Runs">
          {list.map((run) => (
            <Row key={run.id} run={run} />
          ))}
        </ul>
      )}
      <div>
        <Button onClick={() => picker.current?.click()} disabled={!worker}>
          Import a run
        </Button>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".zip"
          aria-label="Archive of a run"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = '';
            if (file) void importRun(file);
          }}
        />
      </div>
    </div>
  );
}

const PHASES: Record<RunInfo['phase'], string> = {
  resting: 'saved',
  preparing: 'making ready',
  running: 'running',
  paused: 'paused',
  finished: 'done',
};

function Row({ run }: { run: RunInfo }) {
  const shown = useTraining((s) => s.open?.info.id === run.id);
  const info = useTraining((s) => (s.open?.info.id === run.id ? s.open.info : run));
  const compared = useTraining((s) => s.compared.has(run.id));
  const { show, compare } = useTraining((s: TrainingState) => s);
  const [asking, setAsking] = useState<'name' | 'delete' | null>(null);
  const { best, size } = info;
  return (
    <li className={styles.row} data-shown={shown}>
      <div className={styles.head}>
        {asking === 'name' ? (
          <Rename run={info} done={() => setAsking(null)} />
        ) : (
          <button type="button" className={styles.name} aria-current={shown} onClick={() => void show(run.id)}>
            {info.name}
          </button>
        )}
        <Actions run={info} ask={setAsking} />
      </div>
      <p className={styles.facts}>
        {PHASES[info.phase]} at step {info.step.toLocaleString('en')}
        {best && `, best ${best.classes ? percent(best.classes.accuracy) : `${best.loss.toFixed(3)} nats`}`}
      </p>
      <p className={styles.facts}>
        {count(info.parameters)} parameters, {size.side} × {size.side}
        {info.starts.length > 0 && ', by class'}
        {info.recipe.precision === 'f16' && ', f16'}, {bytes(info.bytes)}
      </p>
      {asking === 'delete' ? (
        <Delete id={run.id} done={() => setAsking(null)} />
      ) : (
        !shown && (
          <label className={styles.compare}>
            <input
              type="checkbox"
              checked={compared}
              onChange={(event) => void compare(run.id, event.target.checked)}
            />
            Compare
          </label>
        )
      )}
    </li>
  );
}

function Actions({ run, ask }: { run: RunInfo; ask: (what: 'name' | 'delete') => void }) {
  const { duplicate, resume, exportRun, exportModel } = useTraining((s: TrainingState) => s);
  const save = async (making: Promise<Blob | undefined>, ending: string) => {
    const blob = await making;
    if (blob) download(blob, `${slug(run.name)}${ending}`);
  };
  const csv = async () => {
    await training.getState().show(run.id);
    const { open } = training.getState();
    if (open?.info.id === run.id)
      download(new Blob([csvOf(open.history)], { type: 'text/csv' }), `${slug(run.name)}.csv`);
  };
  const rests = run.phase === 'resting' || run.phase === 'paused';
  return (
    <Menu
      trigger={
        <Button look="quiet" square aria-label={`Actions for ${run.name}`}>
          <More />
        </Button>
      }
    >
      {rests && <MenuItem onSelect={() => void resume(run.id)}>Go on training</MenuItem>}
      <MenuItem onSelect={() => void takeToComplete(run.id)}>Use in Complete</MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => ask('name')}>Rename</MenuItem>
      <MenuItem onSelect={() => void duplicate(run.id)}>Duplicate</MenuItem>
      <MenuItem onSelect={() => ask('delete')}>Delete</MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => void save(exportRun(run.id), '-run.zip')}>Export the run</MenuItem>
      <MenuItem onSelect={() => void save(exportModel(run.id, 'F32'), '-f32.zip')}>Export the model, F32</MenuItem>
      <MenuItem onSelect={() => void save(exportModel(run.id, 'F16'), '-f16.zip')}>Export the model, F16</MenuItem>
      <MenuItem onSelect={() => void csv()}>Metrics as CSV</MenuItem>
    </Menu>
  );
}

function Rename({ run, done }: { run: RunInfo; done: () => void }) {
  const rename = useTraining((s) => s.rename);
  const [name, setName] = useState(run.name);
  const commit = () => {
    if (name.trim() !== run.name) void rename(run.id, name);
    done();
  };
  return (
    <input
      className={styles.field}
      // biome-ignore lint/a11y/noAutofocus: the person has just asked to type here.
      autoFocus
      value={name}
      maxLength={80}
      aria-label="Name of the run"
      onChange={(event) => setName(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') done();
      }}
    />
  );
}

function Delete({ id, done }: { id: string; done: () => void }) {
  const remove = useTraining((s) => s.remove);
  return (
    <div className={styles.ask}>
      <AskDelete onDelete={() => void remove(id)} onKeep={done} />
    </div>
  );
}
