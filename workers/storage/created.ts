/**
 * When something new is kept, in milliseconds since 1970: now, or just after what was kept last, should the clock have been set back
 * since. So the newest stays first.
 */
export const createdAfter = (kept: readonly { created: number }[]): number =>
  kept.reduce((latest, { created }) => Math.max(latest, created + 1), Date.now());
