/** What was measured of the models that come with the page, as their model cards have it: the only place where the page keeps these. */

export interface ShippedFigures {
  name: string;
  side: number;
  parameters: number;
  /** Mean surprise on all 10,000 CIFAR-10 test pictures, begun without a class, in nats per pixel. */
  nats: number;
  /** Linear probes by layer, learnt from all 50,000 training pictures and judged by all 10,000; null where none was made. */
  probe: readonly (number | null)[];
}

const TINY_16: ShippedFigures = {
  name: 'igpt-cifar-16',
  side: 16,
  parameters: 1_740_288,
  nats: 2.6514,
  probe: [null, null, null, 0.639, null, null, 0.591, 0.544, null],
};

const TINY_32: ShippedFigures = {
  name: 'igpt-cifar-32',
  side: 32,
  parameters: 1_838_592,
  nats: 1.9176,
  probe: [0.329, 0.523, 0.588, 0.634, 0.66, 0.652, null, 0.533, 0.458],
};

const SMALL_32: ShippedFigures = {
  name: 'igpt-cifar-32-small',
  side: 32,
  parameters: 9_970_688,
  nats: 1.8809,
  probe: [0.341, 0.499, 0.635, 0.718, 0.756, 0.772, 0.776, 0.758, 0.732, 0.704, 0.661, 0.633, 0.583],
};

/** The best first. */
export const SHIPPED: readonly ShippedFigures[] = [SMALL_32, TINY_32, TINY_16];

/** The same size as igpt-cifar-32, which nothing has taught, by layer: learnt from 10,000 pictures and judged by 2,000. */
export const UNTRAINED: readonly number[] = [0.291, 0.3, 0.289, 0.258, 0.251, 0.248, 0.251, 0.246, 0.242];
/** The colours of 32 x 32 pixels themselves, learnt from all 50,000 and judged by all 10,000. */
export const RAW_PIXELS = 0.414;

/** The best layer of those that were probed, and its share. */
export function bestLayer(shares: readonly (number | null)[]): { layer: number; share: number } {
  const share = Math.max(...shares.map((one) => one ?? 0));
  return { layer: shares.indexOf(share), share };
}
