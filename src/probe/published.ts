/** Published probes on CIFAR-10 to stand beside one's own. Source: Chen et al. 2020, figures 2 and 3. */

export const IGPT_L = {
  label: 'iGPT-L, published',
  /** Share of its 48 layers. */
  x: [3, 8, 14, 20, 22, 30, 40, 48].map((layer) => layer / 48),
  y: [0.565, 0.811, 0.922, 0.963, 0.963, 0.961, 0.952, 0.94],
};

export const IGPT_S_TRAINING = {
  label: 'iGPT-S in training, published',
  /** Nats per pixel on ImageNet, 32 × 32. */
  x: [2.0895, 2.0979, 2.1091, 2.1205, 2.134],
  y: [0.906, 0.904, 0.889, 0.875, 0.85],
};
