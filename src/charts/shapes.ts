/** A figure as a list of shapes, in pixels: what the writer of SVG and the painter of PNG share, so that both show the same. */

export interface Rect {
  kind: 'rect';
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
  opacity?: number;
}

/** Strokes from point to point. */
export interface Path {
  kind: 'path';
  points: readonly (readonly [x: number, y: number])[];
  stroke: string;
  width: number;
  /** Lengths of strokes and of gaps. */
  dash?: readonly number[];
  opacity?: number;
  /** Ends where the plot ends. */
  clipped?: boolean;
}

export interface Dot {
  kind: 'dot';
  x: number;
  y: number;
  r: number;
  fill?: string;
  stroke?: string;
  width?: number;
  opacity?: number;
  clipped?: boolean;
}

export interface Text {
  kind: 'text';
  x: number;
  /** Of its middle. */
  y: number;
  text: string;
  fill: string;
  anchor?: 'start' | 'middle' | 'end';
  /** In pixels; 12 unless said otherwise. */
  size?: number;
  bold?: boolean;
  /** Of this colour, around the letters. */
  halo?: string;
  /** Reads from below to above. */
  upright?: boolean;
}

export type Shape = Rect | Path | Dot | Text;

export interface Sheet {
  title: string;
  width: number;
  height: number;
  paper: string;
  /** A list of families, as CSS has it. */
  font: string;
  /** What is clipped ends here. */
  clip?: { x: number; y: number; width: number; height: number };
  shapes: Shape[];
}

export const TEXT_SIZE = 12;
