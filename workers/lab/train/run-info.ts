/** What a stored run says of itself: its model, and what the page is told of it. */
import type { ModelSize, RunInfo } from '../../contract.ts';
import { paletteBytes } from '../../data/palette.ts';
import type { RunHead } from '../../formats/run-head.ts';
import { type Config, parameterCount } from '../../igpt/config.ts';

/** @param classes that it tells apart @param starts classes that pictures begin with */
export function configOf({ layers, width, heads, side }: ModelSize, colours: number, classes = 0, starts = 0): Config {
  return {
    n_layer: layers,
    n_embd: width,
    n_head: heads,
    n_positions: side * side,
    n_colours: colours,
    layer_norm_epsilon: 1e-5,
    ...(classes > 0 && { n_classes: classes }),
    ...(starts > 0 && { n_starts: starts }),
  };
}

/** The model of a run. */
export const configOfRun = ({ size, palette, classes, starts }: RunHead): Config =>
  configOf(size, palette.length / 3, classes.length, starts.length);

/** A run as it is stored. */
export function infoOf(id: string, head: RunHead, bytes: number): RunInfo {
  const { name, created, size, palette, recipe, classes, starts, dataset, progress, kept } = head;
  const { ended, ...told } = progress;
  return {
    id,
    name,
    created,
    size,
    palette: paletteBytes(Float32Array.from(palette)),
    parameters: parameterCount(configOfRun(head)),
    recipe,
    classes,
    starts,
    dataset: { id: dataset.id, name: dataset.name },
    ...told,
    checkpoints: [...new Set([...kept, progress.step])].sort((a, b) => a - b),
    bytes,
    phase: ended || progress.step >= recipe.steps ? 'finished' : 'resting',
  };
}
