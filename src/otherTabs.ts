/** Tabs of this page tell each other what they have changed in the browser's storage, so that no list stays out of date. */
import type { Lab } from '../workers/contract.ts';

export type Kept = 'datasets' | 'models' | 'runs';

/** What the calls of the lab change, where they change anything that is kept. */
const CHANGED_BY: Readonly<Partial<Record<keyof Lab, Kept>>> = {
  addDataset: 'datasets',
  addBundledDataset: 'datasets',
  renameDataset: 'datasets',
  setDatasetPart: 'datasets',
  deleteDataset: 'datasets',
  keepModel: 'models',
  renameModel: 'models',
  deleteModel: 'models',
  startRun: 'runs',
  pauseRun: 'runs',
  stopRun: 'runs',
  renameRun: 'runs',
  duplicateRun: 'runs',
  deleteRun: 'runs',
  importRun: 'runs',
};

const CHANNEL = 'image-gpt';

/** Tells the other tabs, once a call is done. */
export function tellOtherTabs(call: keyof Lab): void {
  const kept = CHANGED_BY[call];
  if (!kept) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(kept);
  channel.close();
}

/** Gives what ends it. */
export function hearOtherTabs(wanted: Kept, onChange: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    if (data === wanted) onChange();
  };
  return () => channel.close();
}
