/** How far a probe is, in words. */
import type { ProbeProgress } from '../../workers/contract.ts';

export function words(progress: ProbeProgress | null): string {
  if (!progress) return 'Opening the model';
  if (progress.stage === 'fitting') {
    const what = progress.layers.length > 0 ? `Layer ${progress.layers.join(', ')}` : 'Pixels';
    return `${what}: C = ${progress.strength}, iteration ${progress.iteration}`;
  }
  const of = `${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')} pictures`;
  return progress.stage === 'pictures' ? `Reading ${of}` : `Features of ${of}`;
}
