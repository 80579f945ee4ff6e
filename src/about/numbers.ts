/** Published results to stand beside, with where they come from. */

export interface Table {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  source: string;
  remark?: string;
}

const CHEN = 'Chen et al. 2020';

export const LIKELIHOOD: Table = {
  caption: 'Mean surprise on pictures never seen in training; lower is better',
  columns: ['Model', 'Pictures', 'Nats per pixel', 'Bits per pixel'],
  rows: [
    ['iGPT-S, 76 million parameters', 'ImageNet, 32 × 32', '2.0895', '3.0145'],
    ['iGPT-M, 455 million', 'ImageNet, 32 × 32', '2.0614', '2.9740'],
    ['iGPT-L, 1,362 million', 'ImageNet, 32 × 32', '2.0466', '2.9526'],
    ['minGPT, 10 million', 'CIFAR-10, 32 × 32', '2.0378', '2.9399'],
    ['igpt-cifar-16, this page’s, 1.7 million', 'CIFAR-10, 16 × 16', '2.7105', '3.9104'],
  ],
  source: `${CHEN} for iGPT; karpathy/minGPT, play_image, for minGPT; this page’s on all 10,000 test pictures, as its model card says`,
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
  ],
  source: CHEN,
  remark: 'Fine-tuned as a whole, iGPT-L reaches 99.0 on CIFAR-10 and 88.5 on CIFAR-100.',
};

export const LAYERS: Table = {
  caption: 'iGPT-L on CIFAR-10 by layer, in percent: the best features stand in the middle',
  columns: ['Layer', '3', '8', '14', '20–22', '30', '40', '48'],
  rows: [['Probe', '56.5', '81.1', '92.2', '96.3', '96.1', '95.2', '94.0']],
  source: CHEN,
};
