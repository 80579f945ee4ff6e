/** Evaluates what is chosen. */
import { DataButton } from '../probe/DataButton.tsx';
import { useEvaluation } from '../state/evaluation.ts';

export function EvaluateButton() {
  const working = useEvaluation((s) => s.working !== null);
  const start = useEvaluation((s) => s.start);
  const startOnBundled = useEvaluation((s) => s.startOnBundled);
  const cancel = useEvaluation((s) => s.cancel);
  return <DataButton action="Start evaluating" verb="Evaluate" {...{ working, start, startOnBundled, cancel }} />;
}
