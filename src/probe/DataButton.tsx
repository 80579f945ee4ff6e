/** Starts work on the chosen data, or stops it; without any data yet, on pictures that the page brings along. */
import { useDatasets } from '../state/datasets.ts';
import { chosenDataset } from '../state/palettes.ts';
import { useProbing } from '../state/probing.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/Button.tsx';
import { bytes } from '../ui/format.ts';
import { Play, Stop } from '../ui/icons.tsx';

interface Props {
  /** On the button, e.g. "Start probing", and before "on CIFAR-10". */
  action: string;
  verb: string;
  working: boolean;
  start: () => Promise<void>;
  startOnBundled: () => Promise<void>;
  cancel: () => Promise<void>;
}

export function DataButton({ action, verb, working, start, startOnBundled, cancel }: Props) {
  const bundled = useDatasets((s) => s.bundled);
  const noData = useDatasets((s) => s.list?.length === 0);
  const adding = useDatasets((s) => s.adding !== null);
  const dataset = useDatasets(chosenDataset);
  const device = useSession((s) => s.device);
  const noModel = useProbing((s) => s.models?.size === 0);
  if (working) {
    return (
      <Button onClick={() => void cancel()}>
        <Stop />
        Cancel
      </Button>
    );
  }
  if (noData && bundled && bundled.bytes.length > 0) {
    return (
      <Button look="primary" disabled={!device || adding || noModel} onClick={() => void startOnBundled()}>
        <Play />
        {verb} on CIFAR-10 ({bytes(bundled.bytes[0])})
      </Button>
    );
  }
  return (
    <Button look="primary" disabled={!device || !dataset || noModel} onClick={() => void start()}>
      <Play />
      {action}
    </Button>
  );
}
