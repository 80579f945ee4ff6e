/** Published likelihoods of the same side and palette size, to stand beside one's own. */
import type { Candidate } from '../probe/candidates.ts';

interface Published {
  name: string;
  /** Pictures that it was judged by. */
  on: string;
  /** Nats per pixel. */
  nats: number;
}

const SIDE = 32;
const COLOURS = 512;

/** karpathy/minGPT's play_image after 16 epochs; OpenAI's models as Chen et al. 2020 give them. */
const PUBLISHED: readonly Published[] = [
  { name: 'minGPT, 12 layers, width 256', on: 'CIFAR-10, test', nats: 2.0378 },
  { name: 'iGPT-S', on: 'ImageNet, test', nats: 2.0895 },
  { name: 'iGPT-M', on: 'ImageNet, test', nats: 2.0614 },
  { name: 'iGPT-L', on: 'ImageNet, test', nats: 2.0466 },
];

/** None where pictures or palette are of another size. */
export const publishedFor = ({ size, palette }: Pick<Candidate, 'size' | 'palette'>): readonly Published[] =>
  size?.side === SIDE && palette?.length === 3 * COLOURS ? PUBLISHED : [];
