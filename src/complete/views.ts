/** The ways of looking at a picture: what each shows, in words and as colours. */
import { UNKNOWN } from '../../workers/contract.ts';
import type { AttentionMap } from '../state/attention.ts';
import type { View } from '../state/inspection.ts';
import { HEAT_COLOURS, HEAT_STEPS } from './heatColours.ts';
import type { Variant } from './variant.ts';

interface ViewText {
  name: string;
  /** What the view shows. */
  meaning: string;
  /** Bits at the end of the scale. */
  most?: number;
}

export const VIEW_TEXTS: Record<View, ViewText> = {
  picture: { name: 'Picture', meaning: 'The colours as they were chosen.' },
  surprise: { name: 'Surprise', meaning: 'How unlikely each pixel was.', most: 12 },
  uncertainty: { name: 'Uncertainty', meaning: 'How open each choice was.', most: 9 },
  attention: { name: 'Attention', meaning: 'Where a head looked.' },
};

export const toBits = (nats: number): number => nats / Math.LN2;

export interface HeatMap {
  /** Steps of HEAT_COLOURS, UNKNOWN where the model has told nothing. [pixels] */
  tokens: Int16Array;
  palette: Uint8Array;
}

/** A variant's surprise or uncertainty as a picture of its own; null in other views and while nothing is known. */
export function heatOf(view: View, variant: Variant): HeatMap | null {
  const { most } = VIEW_TEXTS[view];
  const nats = view === 'surprise' ? variant.nll : variant.entropy;
  if (!most || nats.every(Number.isNaN)) return null;
  const step = (value: number) => Math.round(Math.min(1, toBits(value) / most) * (HEAT_STEPS - 1));
  const tokens = Int16Array.from(nats, (value) => (Number.isNaN(value) ? UNKNOWN : step(value)));
  return { tokens, palette: HEAT_COLOURS };
}

/** Where a head looked to predict `pixel`: the pixels before it, the strongest as 1, and the start symbol's share apart. */
export function gazeOf({ tokens, weights }: AttentionMap, pixel: number): { heat: Float32Array; start: number } {
  const pixels = tokens.length;
  const row = weights.subarray(pixel * pixels, (pixel + 1) * pixels);
  const heat = new Float32Array(pixels);
  heat.set(row.subarray(1, pixel + 1));
  const most = heat.reduce((a, b) => Math.max(a, b), 0);
  return { heat: most ? heat.map((weight) => weight / most) : heat, start: row[0] };
}
