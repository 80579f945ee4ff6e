/** (d) Which layer knows most: the page's own model beside the published one, and beside what nothing has taught. */
import { LineChart } from '../charts/LineChart.tsx';
import type { Series, XScale } from '../charts/series.ts';
import { IGPT_L } from '../probe/published.ts';
import { percent } from '../ui/format.ts';
import { SHIPPED } from './shipped.ts';

const { trained, untrained, pixels } = SHIPPED.probe;
/** Share of the depth. */
const depths = trained.map((_, layer) => layer / (trained.length - 1));
const best = trained.indexOf(Math.max(...trained) as (typeof trained)[number]);
const top = IGPT_L.y.indexOf(Math.max(...IGPT_L.y));

const SERIES: Series[] = [
  {
    label: 'iGPT-L, published',
    x: IGPT_L.x,
    y: IGPT_L.y,
    colour: '--series-2',
    width: 2,
    points: true,
    mark: { place: top, text: `Layer 20, ${percent(IGPT_L.y[top])}` },
  },
  {
    label: SHIPPED.name,
    x: depths,
    y: trained,
    colour: '--series-1',
    width: 2,
    points: true,
    mark: { place: best, text: `Layer ${best}, ${percent(trained[best])}` },
  },
  { label: 'The same, untrained', x: depths, y: untrained, colour: '--series-1', width: 1.5, dashed: true },
  { label: 'Raw pixels', x: depths, y: depths.map(() => pixels), colour: '--ink-faint', width: 1.5, dashed: true },
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
