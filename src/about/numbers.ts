/** Published results, with where they come from, and the page's own models beside them. */
import { IGPT_L } from '../probe/published.ts';
import { bestLayer, RAW_PIXELS, SHIPPED, type ShippedFigures, UNTRAINED } from './shipped.ts';

export interface Table {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  source: string;
  remark?: string;
}

const CHEN = 'Chen et al. 2020';
const own = ({ name }: ShippedFigures) => `${name}, this page’s`;
const percents = (shares: readonly (number | null)[]): string[] =>
  shares.map((share) => (share === null ? '–' : (100 * share).toFixed(1)));

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
    ...SHIPPED.map((model) => [own(model), ...percents([bestLayer(model.probe).share]), '–', '–', '–']),
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

const DEEPEST = Math.max(...SHIPPED.map(({ probe }) => probe.length));
/** A cell for each layer of the deepest model. */
const layers = (shares: readonly (number | null)[]): string[] =>
  Array.from({ length: DEEPEST }, (_, layer) => percents(shares)[layer] ?? '');

export const SHIPPED_LAYERS: Table = {
  caption: 'This page’s models on CIFAR-10 by layer, in percent',
  columns: ['Layer', ...Array.from({ length: DEEPEST }, (_, layer) => String(layer))],
  rows: [
    ...SHIPPED.map(({ name, probe }) => [name, ...layers(probe)]),
    ['igpt-cifar-32, untrained', ...layers(UNTRAINED)],
  ],
  source:
    'the model cards; all 50,000 labels learnt from and 10,000 pictures judged, ± 0.5; untrained with 10,000 labels and 2,000 pictures, ± 1.1',
  remark: `A classifier on the raw pixels of 32 × 32 gets ${percents([RAW_PIXELS])[0]}. A dash is a layer that was not probed.`,
};
