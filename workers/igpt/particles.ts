/**
 * Look-ahead by sequential Monte Carlo: the variants are particles, each weighted by how well it predicts the drawn
 * pixels that it has reached, and resampled when the weights grow uneven. Source: Doucet & Johansen 2009, "A Tutorial on
 * Particle Filtering and Smoothing" (bootstrap filter, systematic resampling).
 */

/** How many particles the weights are worth: 1 / Σ w², between 1 and their number. logWeights in nats. */
export function effectiveSize(logWeights: ArrayLike<number>): number {
  const w = normalised(logWeights);
  return 1 / w.reduce((sum, x) => sum + x * x, 0);
}

/**
 * Systematic resampling: the parent of each new particle, ascending, so that particle b has within one of n·w_b
 * children. u: one uniform number in [0, 1).
 */
export function resample(logWeights: ArrayLike<number>, u: number): number[] {
  const w = normalised(logWeights);
  const parents: number[] = [];
  let parent = 0;
  let cumulative = w[0];
  for (let i = 0; i < w.length; i++) {
    const at = (i + u) / w.length;
    while (cumulative <= at && parent < w.length - 1) cumulative += w[++parent];
    parents.push(parent);
  }
  return parents;
}

/**
 * The pictures to show out of more particles: different ones first, the best explained first among them. Copies come in
 * only when there are fewer different pictures than wanted. evidence in nats; key tells pictures apart.
 */
export function choose(evidence: ArrayLike<number>, key: (particle: number) => string, wanted: number): number[] {
  const ranked = Array.from(evidence, (_, i) => i).sort((a, b) => evidence[b] - evidence[a]);
  const seen = new Set<string>();
  const fresh = ranked.filter((i) => !seen.has(key(i)) && seen.add(key(i)));
  const copies = ranked.filter((i) => !fresh.includes(i));
  return [...fresh, ...copies].slice(0, wanted);
}

function normalised(logWeights: ArrayLike<number>): number[] {
  const top = Math.max(...Array.from(logWeights));
  const w = Array.from(logWeights, (x) => Math.exp(x - top));
  const total = w.reduce((a, b) => a + b, 0);
  return w.map((x) => x / total);
}
