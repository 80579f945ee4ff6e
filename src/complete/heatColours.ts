/** The colours of heat maps, from little to much: viridis (van der Walt and Smith 2015), even to the eye and safe for the colour-blind. */

const STOPS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

export const HEAT_STEPS = 256;

/** RGB bytes. [HEAT_STEPS × 3] */
export const HEAT_COLOURS = Uint8Array.from({ length: HEAT_STEPS * 3 }, (_, i) => {
  const at = (Math.floor(i / 3) / (HEAT_STEPS - 1)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(at));
  const channel = i % 3;
  return Math.round(STOPS[below][channel] + (at - below) * (STOPS[below + 1][channel] - STOPS[below][channel]));
});

export const HEAT_GRADIENT = `linear-gradient(to right, ${STOPS.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;
