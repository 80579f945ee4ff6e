/** (d) Which layer knows most: the page's own models beside the published one, and beside what nothing has taught. */
import { LineChart } from '../charts/LineChart.tsx';
import type { Series, XScale } from '../charts/series.ts';
import { IGPT_L } from '../probe/published.ts';
import { percent } from '../ui/format.ts';
import { SHIPPED } from './shipped.ts';

/** Share of the depth. */
const depths = (layers: readonly number[]) => layers.map((_, layer) => layer / (layers.length - 1));
const best = (layers: readonly number[]) => layers.indexOf(Math.max(...layers));
const COLOURS = ['--series-1', '--series-3'];
const [{ name: largest, probe: probed }] = SHIPPED;
const top = best(IGPT_L.y);

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
  ...SHIPPED.map(
    ({ name, probe: { trained } }, i): Series => ({
      label: name,
      x: depths(trained),
      y: trained,
      colour: COLOURS[i],
      width: 2,
      points: true,
      // Names of lines so near to each other would be written over each other.
      ...(i === 0 && {
        mark: { place: best(trained), text: `Layer ${best(trained)}, ${percent(trained[best(trained)])}` },
      }),
    }),
  ),
  {
    label: `${largest}, untrained`,
    x: depths(probed.untrained),
    y: probed.untrained,
    colour: COLOURS[0],
    width: 1.5,
    dashed: true,
  },
  {
    label: 'Raw pixels',
    x: depths(probed.trained),
    y: probed.trained.map(() => probed.pixels),
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
