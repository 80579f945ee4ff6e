/** Published results, with where they come from, and the page's own models beside them. */
import { IGPT_L } from '../probe/published.ts';
import { SHIPPED, type ShippedFigures } from './shipped.ts';

export interface Table {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  source: string;
  remark?: string;
}

const CHEN = 'Chen et al. 2020';
const own = ({ name }: ShippedFigures) => `${name}, this page’s`;
const percents = (shares: readonly number[]): string[] => shares.map((share) => (100 * share).toFixed(1));

export const LIKELIHOOD: Table = {
  caption: 'Mean surprise on pictures never seen in training; lower is better',
  columns: ['Model', 'Pictures', 'Nats per pixel', 'Bits per pixel'],
  rows: [
    ['iGPT-S, 76 million parameters', 'ImageNet, 32 × 32', '2.0895', '3.0145'],
    ['iGPT-M, 455 million', 'ImageNet, 32 × 32', '2.0614', '2.9740'],
    ['iGPT-L, 1,362 million', 'ImageNet, 32 × 32', '2.0466', '2.9526'],
    ['minGPT, 10 million', 'CIFAR-10, 32 × 32', '2.0378', '2.9399'],
    ...SHIPPED.map((model) => [
      `${own(model)}, ${(model.parameters / 1e6).toFixed(1)} million`,
      `CIFAR-10, ${model.side} × ${model.side}`,
      model.nats.toFixed(4),
      (model.nats / Math.LN2).toFixed(4),
    ]),
  ],
  source: `${CHEN} for iGPT; karpathy/minGPT, play_image, for minGPT; this page’s on all 10,000 test pictures, as their model cards say`,
  remark:
    'These are figures for a palette of 512 colours. They compare neither with models of true 8-bit pixels, nor between palettes, nor with smaller pictures: a pixel of a 16 × 16 picture is harder to foresee than one of 32 × 32.',
};

export const PROBES: Table = {
  caption: 'Linear probe: how well one layer’s features alone tell the classes apart, in percent',
  columns: ['Model', 'CIFAR-10', 'CIFAR-100', 'STL-10', 'ImageNet'],
  rows: [
    ['iGPT-S', '90.6', '–', '–', '41.9'],
    ['iGPT-M', '95.2', '–', '–', '54.5'],
    ['iGPT-L', '96.3', '82.8', '95.5', '60.3'],
    ['iGPT-L, 48 × 48', '–', '–', '–', '65.2'],
    ['iGPT-XL, 64 × 64', '–', '–', '–', '68.7'],
    ['SimCLR', '95.3', '80.2', '–', '–'],
    ['AMDIM-L', '–', '–', '94.2', '–'],
    ['ResNet-152', '94.0', '–', '–', '–'],
    ...SHIPPED.map((model) => [own(model), ...percents([Math.max(...model.withAllLabels)]), '–', '–', '–']),
  ],
  source: `${CHEN}; this page’s from their model cards, by all 50,000 labels`,
  remark: 'Fine-tuned as a whole, iGPT-L reaches 99.0 on CIFAR-10 and 88.5 on CIFAR-100.',
};

/** Of iGPT-L, whose layers the published curve gives by their share of the depth. */
const DEPTH = 48;

export const LAYERS: Table = {
  caption: 'iGPT-L on CIFAR-10 by layer, in percent',
  columns: ['Layer', ...IGPT_L.x.map((share) => String(Math.round(DEPTH * share)))],
  rows: [['Probe', ...percents(IGPT_L.y)]],
  source: CHEN,
};

export const SHIPPED_LAYERS: Table = {
  caption: 'This page’s models on CIFAR-10 by layer, in percent',
  columns: ['Layer', ...SHIPPED[0].probe.trained.map((_, layer) => String(layer))],
  rows: SHIPPED.flatMap(({ name, probe, withAllLabels }) => [
    [`${name}, all labels`, ...percents(withAllLabels)],
    [name, ...percents(probe.trained)],
    [`${name}, untrained`, ...percents(probe.untrained)],
  ]),
  source:
    'the model cards; 10,000 labels learnt from and 2,000 pictures judged, ± 1.1, or all 50,000 and 10,000, ± 0.5',
  remark: `A classifier on the raw pixels gets ${SHIPPED.map(({ side, probe }) => `${percents([probe.pixels])[0]} at ${side} × ${side}`).join(' and ')}.`,
};
