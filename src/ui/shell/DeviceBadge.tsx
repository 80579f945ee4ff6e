/** What the model runs on, as a badge; the panel behind it says why, and lets the person choose otherwise. */
import type { DeviceReport } from '../../../workers/contract.ts';
import { type BackendWish, useSession } from '../../state/session.ts';
import { Button } from '../Button.tsx';
import { BACKEND_NAMES } from '../backendNames.ts';
import { Choice } from '../Choice.tsx';
import { bytes, count } from '../format.ts';
import { Popover } from '../Popover.tsx';
import styles from './DeviceBadge.module.css';

const WISHES: readonly { value: BackendWish; label: string }[] = [
  { value: 'auto', label: 'Best' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'wasm', label: 'WASM' },
  { value: 'webgl', label: 'WebGL' },
];

export function DeviceBadge() {
  const phase = useSession((s) => s.phase);
  const device = useSession((s) => s.device);
  const wish = useSession((s) => s.wish);
  const chooseBackend = useSession((s) => s.chooseBackend);
  const start = useSession((s) => s.start);

  const state = phase === 'failed' ? 'Not running' : device ? BACKEND_NAMES[device.backend] : 'Starting…';
  return (
    <Popover
      label="Device"
      trigger={
        <Button look="quiet" className={styles.badge} aria-label={`Device: ${state}`}>
          <span className={styles.light} data-state={phase === 'failed' ? 'failed' : device ? 'on' : 'starting'} />
          {state}
          {device?.backend === 'webgpu' && <span className={styles.adapter}>{device.adapter}</span>}
        </Button>
      }
    >
      <div className={styles.panel}>
        {device && <Report device={device} />}
        {phase === 'failed' && (
          <>
            <p>The model is not running.</p>
            <Button look="primary" onClick={() => void start()}>
              Try again
            </Button>
          </>
        )}
        {!device && phase !== 'failed' && <p>Finding out what this device can do…</p>}
        <div>
          <p className={styles.caption}>Run it on</p>
          <Choice
            label="Run the model on"
            options={WISHES}
            value={wish}
            onChange={(next) => void chooseBackend(next)}
          />
        </div>
        <ModelFacts />
      </div>
    </Popover>
  );
}

function Report({ device }: { device: DeviceReport }) {
  const limits = Object.entries(device.limits);
  return (
    <>
      <h2 className={styles.title}>
        {BACKEND_NAMES[device.backend]}
        {device.backend === 'webgpu' && device.software ? ', emulated on the processor' : ''}
      </h2>
      <p className={styles.soft}>{device.adapter}</p>
      <p>{device.reason}</p>
      {device.training.backend !== device.backend && <p>{device.training.reason}</p>}
      {device.features.length > 0 && (
        <div>
          <p className={styles.caption}>Features in use</p>
          <p>{device.features.join(', ')}</p>
        </div>
      )}
      {limits.length > 0 && (
        <div>
          <p className={styles.caption}>Limits</p>
          <dl className={styles.facts}>
            {limits.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{/Size$/.test(name) ? bytes(value) : value}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </>
  );
}

function ModelFacts() {
  const model = useSession((s) => s.model);
  if (!model) return null;
  return (
    <div>
      <p className={styles.caption}>Model</p>
      <dl className={styles.facts}>
        <div>
          <dt>Parameters</dt>
          <dd>{count(model.parameters)}</dd>
        </div>
        <div>
          <dt>Layers, width, heads</dt>
          <dd>
            {model.layers}, {model.width}, {model.heads}
          </dd>
        </div>
        <div>
          <dt>Pictures</dt>
          <dd>
            {model.side} × {model.side}, {model.palette.length / 3} colours
          </dd>
        </div>
      </dl>
    </div>
  );
}
