/** What was measured of the model that comes with the page, as its model card has it: the only place where the page keeps these. */

export const SHIPPED = {
  name: 'igpt-cifar-16',
  parameters: 1_739_008,
  /** Mean surprise on all 10,000 CIFAR-10 test pictures, in nats per pixel. */
  nats: 2.7105,
  /** Linear probes of layers 0 to 8, learnt from 10,000 pictures and judged by 2,000; shares of these. */
  probe: {
    trained: [0.307, 0.422, 0.491, 0.515, 0.509, 0.521, 0.526, 0.519, 0.496],
    untrained: [0.284, 0.294, 0.279, 0.259, 0.251, 0.253, 0.248, 0.234, 0.242],
    pixels: 0.373,
  },
} as const;
