/** Which model is at work: one that the page brings along, or the visitor's own files. */
import { useRef } from 'react';
import { SHIPPED_MODELS } from '../../complete/models.ts';
import { modelName, useSession } from '../../state/session.ts';
import { Button } from '../Button.tsx';
import { ChevronDown } from '../icons.tsx';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../Menu.tsx';
import styles from './ModelChooser.module.css';

export function ModelChooser() {
  const model = useSession((s) => s.model);
  const openModel = useSession((s) => s.openModel);
  const picker = useRef<HTMLInputElement>(null);
  const name = modelName(model);
  return (
    <>
      <Menu
        trigger={
          <Button look="quiet" className={styles.chooser} aria-label={`Model: ${name}`}>
            <span className={styles.name}>{name}</span>
            <ChevronDown />
          </Button>
        }
      >
        <MenuChoice
          label="Model"
          value={model?.id ?? null}
          options={SHIPPED_MODELS.map((m) => ({ value: m.id, label: m.name }))}
          onChange={(id) => void openModel({ kind: 'shipped', id })}
        />
        <MenuSeparator />
        <MenuItem onSelect={() => picker.current?.click()}>Open model files…</MenuItem>
      </Menu>
      <input
        ref={picker}
        className={styles.picker}
        type="file"
        multiple
        accept=".json,.safetensors"
        tabIndex={-1}
        aria-label="Model files: config.json, preprocessor_config.json and model.safetensors"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length) void openModel({ kind: 'files', files });
        }}
      />
    </>
  );
}
