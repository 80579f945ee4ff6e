/** The part of gifenc 1.0 that is used here; the package brings no types. */
declare module 'gifenc' {
  export type GifPalette = [red: number, green: number, blue: number][];

  export interface GifEncoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: {
        /** Of the first frame, for all. */
        palette?: GifPalette;
        /** Milliseconds. */
        delay?: number;
        /** 0 plays for ever. */
        repeat?: number;
        /** What becomes of the frame when its time is over; 1 keeps it below the next. */
        dispose?: number;
        transparent?: boolean;
        transparentIndex?: number;
      },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }

  export function GIFEncoder(): GifEncoder;
  export function quantize(rgba: Uint8Array | Uint8ClampedArray, maxColours: number): GifPalette;
  export function nearestColorIndex(palette: GifPalette, colour: [red: number, green: number, blue: number]): number;
}
