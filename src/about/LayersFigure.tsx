/** (d) Which layer knows most: the page's own models beside the published one, and beside what nothing has taught. */
import { LineChart } from '../charts/LineChart.tsx';
import type { Series, XScale } from '../charts/series.ts';
import { IGPT_L } from '../probe/published.ts';
import { percent } from '../ui/format.ts';
import { bestLayer, RAW_PIXELS, SHIPPED, UNTRAINED } from './shipped.ts';

const COLOURS = ['--series-1', '--series-3', '--series-4'];
const top = bestLayer(IGPT_L.y);

/** The layers that were probed, by their share of the depth. */
function curve(shares: readonly (number | null)[]): { x: number[]; y: number[] } {
  const probed = shares.flatMap((share, layer) => (share === null ? [] : [{ x: layer / (shares.length - 1), share }]));
  return { x: probed.map(({ x }) => x), y: probed.map(({ share }) => share) };
}

const SERIES: Series[] = [
  {
    label: 'iGPT-L, published',
    x: IGPT_L.x,
    y: IGPT_L.y,
    colour: '--series-2',
    width: 2,
    points: true,
    mark: { place: top.layer, text: `Layer 20, ${percent(top.share)}` },
  },
  ...SHIPPED.map(({ name, probe }, i): Series => {
    const { layer, share } = bestLayer(probe);
    const { x, y } = curve(probe);
    const mark = { place: y.indexOf(share), text: `Layer ${layer}, ${percent(share)}` };
    // Names of lines so near to each other would be written over each other.
    return { label: name, x, y, colour: COLOURS[i], width: 2, points: true, ...(i === 0 && { mark }) };
  }),
  {
    label: 'Untrained',
    ...curve(UNTRAINED),
    colour: '--series-3',
    width: 1.5,
    dashed: true,
  },
  {
    label: 'Raw pixels',
    x: [0, 1],
    y: [RAW_PIXELS, RAW_PIXELS],
    colour: '--ink-faint',
    width: 1.5,
    dashed: true,
  },
];

const X: XScale = { extent: [0, 1], margin: true, format: (share) => `${Math.round(100 * share)} %` };
const inPercent = (share: number): string => percent(share);

export function LayersFigure() {
  return (
    <LineChart
      title="Accuracy of a linear probe on CIFAR-10, by depth"
      xLabel="Share of the depth"
      x={X}
      series={SERIES}
      height={300}
      format={inPercent}
    />
  );
}
