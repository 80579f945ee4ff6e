/** What was measured of the models that come with the page, as their model cards have it: the only place where the page keeps these. */

export interface ShippedFigures {
  name: string;
  side: number;
  parameters: number;
  /** Mean surprise on all 10,000 CIFAR-10 test pictures, in nats per pixel. */
  nats: number;
  /** Linear probes of layers 0 to 8, learnt from 10,000 pictures and judged by 2,000; shares of these. */
  probe: { trained: readonly number[]; untrained: readonly number[]; pixels: number };
}

const SMALL: ShippedFigures = {
  name: 'igpt-cifar-16',
  side: 16,
  parameters: 1_739_008,
  nats: 2.7105,
  probe: {
    trained: [0.307, 0.422, 0.491, 0.515, 0.509, 0.521, 0.526, 0.519, 0.496],
    untrained: [0.284, 0.294, 0.279, 0.259, 0.251, 0.253, 0.248, 0.234, 0.242],
    pixels: 0.373,
  },
};

const LARGE: ShippedFigures = {
  name: 'igpt-cifar-32',
  side: 32,
  parameters: 1_837_312,
  nats: 1.9998,
  probe: {
    trained: [0.323, 0.412, 0.497, 0.522, 0.539, 0.536, 0.546, 0.533, 0.504],
    untrained: [0.291, 0.3, 0.289, 0.258, 0.251, 0.248, 0.251, 0.246, 0.242],
    pixels: 0.383,
  },
};

/** The best first. */
export const SHIPPED: readonly ShippedFigures[] = [LARGE, SMALL];
