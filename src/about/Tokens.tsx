/** A palette with one colour marked, and a sequence of colours as the model reads it: numbers. */
import { useMemo } from 'react';
import { hex, paletteColour } from '../canvas/colour.ts';
import { paletteRows } from '../canvas/paletteOrder.ts';
import { Bitmap } from '../ui/Bitmap.tsx';
import styles from './Tokens.module.css';

const COLUMNS = 32;

export function PaletteChart({ palette, token }: { palette: Uint8Array; token: number }) {
  const { order, rows, pixels } = useMemo(() => chartOf(palette), [palette]);
  const place = order.indexOf(token);
  return (
    <div className={styles.palette}>
      <Bitmap pixels={pixels} label={`The palette of ${palette.length / 3} colours`} />
      <span
        className={styles.mark}
        style={{
          left: `${(100 * (place % COLUMNS)) / COLUMNS}%`,
          top: `${(100 * Math.floor(place / COLUMNS)) / rows}%`,
          width: `${100 / COLUMNS}%`,
          height: `${100 / rows}%`,
        }}
      />
    </div>
  );
}

/** The palette in an order that eyes can follow, one pixel a colour. */
function chartOf(palette: Uint8Array) {
  const order = paletteRows(palette, COLUMNS).flat();
  const rows = Math.ceil(order.length / COLUMNS);
  const rgba = new Uint8ClampedArray(4 * COLUMNS * rows);
  order.forEach((index, i) => {
    rgba.set([...paletteColour(palette, index), 255], 4 * i);
  });
  return { order, rows, pixels: { width: COLUMNS, height: rows, rgba } };
}

/** Words on both sides of the one in the middle. */
const AROUND = 2;

interface SequenceProps {
  tokens: Int16Array;
  palette: Uint8Array;
  pixel: number;
}

export function Sequence({ tokens, palette, pixel }: SequenceProps) {
  const from = Math.min(Math.max(0, pixel - AROUND), tokens.length - 2 * AROUND - 1);
  const shown = Array.from({ length: 2 * AROUND + 1 }, (_, i) => from + i);
  return (
    <ol className={styles.sequence} aria-label="A part of the sequence">
      {shown.map((i) => (
        <li key={i} aria-current={i === pixel ? 'true' : undefined}>
          <span className={styles.word} style={{ background: hex(paletteColour(palette, tokens[i])) }} />
          {tokens[i]}
        </li>
      ))}
    </ol>
  );
}
