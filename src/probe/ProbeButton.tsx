/** Probes what is chosen. */
import { useProbing } from '../state/probing.ts';
import { DataButton } from './DataButton.tsx';

export function ProbeButton() {
  const working = useProbing((s) => s.working !== null);
  const start = useProbing((s) => s.start);
  const startOnBundled = useProbing((s) => s.startOnBundled);
  const cancel = useProbing((s) => s.cancel);
  return <DataButton action="Start probing" verb="Probe" {...{ working, start, startOnBundled, cancel }} />;
}
