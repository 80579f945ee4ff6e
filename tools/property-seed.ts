/**
 * Set-up of the unit tests: FC_SEED=… repeats the property tests of another run. Without it every property draws a seed
 * of its own, which fast-check prints where the property fails.
 */
const seed = process.env.FC_SEED;
if (seed) {
  if (!/^-?\d+$/.test(seed)) throw new Error(`FC_SEED is "${seed}", but it must be an integer.`);
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ seed: Number(seed) });
}

export {};
