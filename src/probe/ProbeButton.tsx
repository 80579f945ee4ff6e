/** Probes what is chosen; without any data yet, on pictures that the page brings along. */
import { useDatasets } from '../state/datasets.ts';
import { chosenDataset } from '../state/palettes.ts';
import { useProbing } from '../state/probing.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/Button.tsx';
import { bytes } from '../ui/format.ts';
import { Play, Stop } from '../ui/icons.tsx';

export function ProbeButton() {
  const bundled = useDatasets((s) => s.bundled);
  const noData = useDatasets((s) => s.list?.length === 0);
  const adding = useDatasets((s) => s.adding !== null);
  const dataset = useDatasets(chosenDataset);
  const device = useSession((s) => s.device);
  const working = useProbing((s) => s.working !== null);
  const noModel = useProbing((s) => s.models?.size === 0);
  const start = useProbing((s) => s.start);
  const startOnBundled = useProbing((s) => s.startOnBundled);
  const cancel = useProbing((s) => s.cancel);
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
        Probe on CIFAR-10 ({bytes(bundled.bytes[0])})
      </Button>
    );
  }
  return (
    <Button look="primary" disabled={!device || !dataset || noModel} onClick={() => void start()}>
      <Play />
      Start probing
    </Button>
  );
}
