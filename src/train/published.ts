/** The published loss of a model of these sizes, to stand beside a run of the same set-up. */
import type { RunInfo } from '../../workers/contract.ts';

/** karpathy/minGPT, play_image: CIFAR-10 at 32 × 32, 512 colours, 12 layers, width 256, 8 heads; test nats/pixel by epoch. */
const MINGPT = {
  size: { layers: 12, width: 256, heads: 8, side: 32 },
  colours: 512,
  pictures: 50_000,
  byEpoch: [
    [1, 2.535],
    [3, 2.202],
    [5, 2.11],
    [10, 2.053],
    [16, 2.0378],
  ],
};

/** minGPT's curve in steps of this run; none where the set-up is another one. */
export function publishedCurve({ size, palette, recipe }: RunInfo): { x: number[]; y: number[] } | undefined {
  const { layers, width, heads, side } = MINGPT.size;
  const same = size.layers === layers && size.width === width && size.heads === heads && size.side === side;
  if (!same || palette.length !== 3 * MINGPT.colours || recipe.objective !== 'autoregressive') return undefined;
  const points = MINGPT.byEpoch.map(([epoch, loss]) => [(epoch * MINGPT.pictures) / recipe.batch, loss]);
  const shown = points.filter(([step], i) => step <= recipe.steps || points[i - 1]?.[0] < recipe.steps);
  return { x: shown.map(([step]) => step), y: shown.map(([, loss]) => loss) };
}
