/** What the person is looking at: which picture, which of its pixels, and through which view. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { UNKNOWN } from '../../workers/contract.ts';
import type { Which } from '../complete/which.ts';
import { completion } from './completion.ts';

export const VIEWS = ['picture', 'surprise', 'uncertainty', 'attention'] as const;
export type View = (typeof VIEWS)[number];

export interface Spot {
  which: Which;
  pixel: number | null;
}

interface Inspection {
  view: View;
  /** Chosen by a click, by the keyboard or by a tap; stays. */
  selected: Spot;
  /** Under the pointer; goes when the pointer goes. */
  hovered: Spot | null;
  layer: number;
  head: number;
  /** How often the user has moved to a pixel. */
  moves: number;
  show: (view: View) => void;
  select: (spot: Spot) => void;
  hover: (spot: Spot | null) => void;
  lookThrough: (layer: number, head: number) => void;
}

export const inspection = createStore<Inspection>()((set) => ({
  view: 'picture',
  selected: { which: 0, pixel: null },
  hovered: null,
  layer: 0,
  head: 0,
  moves: 0,
  show: (view) => set({ view }),
  select: (selected) => set(({ moves }) => ({ selected, moves: moves + 1 })),
  hover: (hovered) => set(({ moves }) => ({ hovered, moves: hovered ? moves + 1 : moves })),
  lookThrough: (layer, head) => set({ layer, head }),
}));

/**
 * Until a pixel is chosen, the middle of the first row that the model filled in; and again when the pictures have become
 * smaller and the chosen place is not in them.
 */
completion.subscribe(({ run }, before) => {
  if (!run || run.id === before.run?.id) return;
  const { selected, hovered } = inspection.getState();
  const isOutside = (spot: Spot | null) => (spot?.pixel ?? 0) >= run.given.length;
  if (isOutside(hovered)) inspection.setState({ hovered: null });
  if (selected.pixel !== null && !isOutside(selected)) return;
  const first = run.given.indexOf(UNKNOWN);
  const pixel = first - (first % run.side) + Math.floor(run.side / 2);
  inspection.setState({ selected: { which: 0, pixel } });
});

/** The spot that counts now: the one under the pointer, else the chosen one. */
export const spotOf = ({ hovered, selected }: Pick<Inspection, 'hovered' | 'selected'>): Spot => hovered ?? selected;

export const useInspection = <T>(select: (state: Inspection) => T): T => useStore(inspection, select);
