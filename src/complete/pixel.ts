/** One pixel of a picture in words. */
import { UNKNOWN } from '../../workers/contract.ts';
import { colourName, hex, paletteColour } from '../canvas/colour.ts';
import type { Run } from '../state/completion.ts';
import type { Variant } from './variant.ts';

/** Returns row and column, counted from 1. */
export const placeOf = ({ side }: Run, pixel: number): string =>
  `Row ${Math.floor(pixel / side) + 1}, column ${(pixel % side) + 1}`;

/** Returns the pixel's colour and whether it was given, or that the model has not chosen it yet. */
export function colourAt({ palette, given }: Run, { tokens }: Variant, pixel: number): string {
  const colour = tokens[pixel] === UNKNOWN ? 'not chosen yet' : describe(palette, tokens[pixel]);
  return given[pixel] === UNKNOWN ? colour : `${colour}, given`;
}

/** Returns the name of a palette's colour and its code, such as "dark red, #7f1010". */
export function describe(palette: Uint8Array, token: number): string {
  const rgb = paletteColour(palette, token);
  return `${colourName(rgb)}, ${hex(rgb)}`;
}
