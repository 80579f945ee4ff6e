/**
 * Look-ahead while a decoder runs: the pictures of the batch are particles, weighted by how well they predict the drawn
 * pixels that they have reached, and resampled when the weights grow uneven. The arithmetic is in particles.ts.
 */
import { type Sampling, UNKNOWN } from '../contract.ts';
import type { Ledger } from './ledger.ts';
import { choose, effectiveSize, resample } from './particles.ts';
import { uniform } from './random.ts';

/** The counter that stands in for the variant when particles, not colours, are drawn. */
const RESAMPLING = 0xffffffff;

/** How many pictures are decoded so that the wanted number can be shown. */
export function particleCount({ lookAhead, variants }: Pick<Sampling, 'lookAhead' | 'variants'>): number {
  return lookAhead ? Math.max(16, 2 * variants) : variants;
}

export class LookAhead {
  /** How often the particles were resampled. */
  resampled = 0;
  private readonly firstUnknown: number;
  private readonly lastUnknown: number;
  /** Log weights since the last resampling, in nats. */
  private readonly weight: Float64Array;
  /** Log-likelihood of the drawn pixels after the first unknown one, in nats. */
  private readonly evidence: Float64Array;

  /** drawn: [T], UNKNOWN where the model chooses; B particles. */
  constructor(
    private readonly drawn: Int16Array,
    private readonly B: number,
    private readonly sampling: Sampling,
  ) {
    this.firstUnknown = drawn.indexOf(UNKNOWN);
    this.lastUnknown = drawn.lastIndexOf(UNKNOWN);
    this.weight = new Float64Array(B);
    this.evidence = new Float64Array(B);
  }

  /**
   * Takes up the row of m pixels from `from` on. Gives the parent of each particle when they are to be resampled, which
   * is only worth it while there are pixels left to choose.
   */
  afterRow(ledger: Ledger, from: number, m: number): number[] | undefined {
    for (let b = 0; b < this.B; b++) {
      const gained = ledger.drawnLogLikelihood(b, this.drawn, Math.max(from, this.firstUnknown), from + m);
      this.weight[b] += gained;
      this.evidence[b] += gained;
    }
    if (from + m > this.lastUnknown || effectiveSize(this.weight) >= this.B / 2) return undefined;
    const parents = resample(this.weight, uniform(this.sampling.seed, RESAMPLING, from));
    this.evidence.set(parents.map((p) => this.evidence[p]));
    this.weight.fill(0);
    this.resampled++;
    return parents;
  }

  /** The particles to show in the end. */
  chosen(ledger: Ledger): number[] {
    return choose(this.evidence, (b) => ledger.picture(b).join(), this.sampling.variants);
  }
}
