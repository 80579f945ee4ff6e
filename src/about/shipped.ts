/** What was measured of the models that come with the page, as their model cards have it: the only place where the page keeps these. */

export interface ShippedFigures {
  name: string;
  side: number;
  parameters: number;
  /** Mean surprise on all 10,000 CIFAR-10 test pictures, in nats per pixel. */
  nats: number;
  /** Linear probes of layers 0 to 8, learnt from 10,000 pictures and judged by 2,000; shares of these. */
  probe: { trained: readonly number[]; untrained: readonly number[]; pixels: number };
  /** The same of the trained model, learnt from all 50,000 and judged by all 10,000. */
  withAllLabels: readonly number[];
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
  withAllLabels: [0.32, 0.451, 0.516, 0.534, 0.548, 0.55, 0.549, 0.549, 0.532],
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
  withAllLabels: [0.33, 0.431, 0.518, 0.544, 0.557, 0.563, 0.56, 0.552, 0.528],
};

/** The best first. */
export const SHIPPED: readonly ShippedFigures[] = [LARGE, SMALL];
