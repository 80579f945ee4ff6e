/** What a chart of lines shows. */
import type { Line } from './thin.ts';

export interface Series extends Line {
  label: string;
  /** A custom property, e.g. "--series-1". */
  colour: string;
  /** In pixels; 0 draws points alone. */
  width: number;
  /** Faint, behind the others. */
  faint?: boolean;
  dashed?: boolean;
  points?: boolean;
  /** How far the bar through each point reaches up and down. */
  error?: ArrayLike<number>;
  /** The place of one point that has a ring around it, and its name. */
  mark?: { place: number; text: string };
}

/** What is said of the x axis beside its label. */
export interface XScale {
  /** Shown even where nothing is measured yet. */
  extent?: readonly [number, number];
  /** Whole numbers only. */
  whole?: boolean;
  logarithmic?: boolean;
  /** Numbered places; chosen by the chart unless given. */
  ticks?: readonly number[];
  /** Room beside the outermost points. */
  margin?: boolean;
  /** The pointer tells nothing of lines that have no point where it is; else it tells of their nearest one. */
  exact?: boolean;
  format?: (x: number) => string;
}
