/** Starts what is chosen; without any data yet, on pictures that the page brings along. */
import { useDatasets } from '../state/datasets.ts';
import { usePalettes } from '../state/palettes.ts';
import { useRecipe } from '../state/recipe.ts';
import { useSession } from '../state/session.ts';
import { isUnderWay, useTraining } from '../state/training.ts';
import { Button } from '../ui/Button.tsx';
import { bytes } from '../ui/format.ts';
import { Play } from '../ui/icons.tsx';

export function StartButton() {
  const bundled = useDatasets((s) => s.bundled);
  const noData = useDatasets((s) => s.list?.length === 0);
  const adding = useDatasets((s) => s.adding !== null);
  const reduction = usePalettes((s) => s.chosen);
  const device = useSession((s) => s.device);
  const cost = useRecipe((s) => s.cost);
  const start = useRecipe((s) => s.start);
  const startOnBundled = useRecipe((s) => s.startOnBundled);
  const busy = useTraining((s) => s.busy);
  const underWay = useTraining(isUnderWay);
  if (noData && bundled && bundled.bytes.length > 0) {
    return (
      <Button look="primary" disabled={!device || adding} onClick={() => void startOnBundled()}>
        <Play />
        Train on CIFAR-10 ({bytes(bundled.bytes[0])})
      </Button>
    );
  }
  return (
    <Button
      look={underWay ? 'plain' : 'primary'}
      disabled={!device || !reduction || busy || cost?.problem !== undefined}
      onClick={() => void start()}
    >
      <Play />
      {underWay ? 'Stop that run and start this one' : 'Start training'}
    </Button>
  );
}
