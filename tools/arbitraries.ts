/** Arbitraries that fast-check does not have. */
import fc from 'fast-check';

/**
 * Numbers spread evenly over [min, max], both included. fc.double spreads them over their bits instead: more than nine
 * of ten in [0, 1] lie below 0.001, so a place in a file would nearly always be its first byte.
 */
export const evenDouble = ({ min, max }: { min: number; max: number }): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: STEPS }).map((i) => min + (max - min) * (i / STEPS));

const STEPS = 2 ** 30;

/** Runs of a property: few in the suite, as many as FC_RUNS says for a thorough search. */
export const runsOf = (usual: number): number => Number(process.env.FC_RUNS ?? usual);
