/** Custom properties as a canvas takes them. */
export const ink = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A line's colour, paler where it stands behind the others. */
export const lineInk = ({ colour, faint }: { colour: string; faint?: boolean }): string =>
  faint ? `color-mix(in srgb, ${ink(colour)} 35%, transparent)` : ink(colour);
