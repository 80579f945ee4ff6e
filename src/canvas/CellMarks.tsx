/** Lines over a picture, placed by cells: the grid, and outlines that stay visible on any colour. */
import styles from './CellMarks.module.css';
import type { Cell } from './raster.ts';

export interface Outline {
  corner: Cell;
  /** Cells wide and high. */
  size: number;
  look: 'cursor' | 'brush' | 'highlight';
}

interface Props {
  side: number;
  grid?: boolean;
  outlines: readonly Outline[];
}

function gridPath(side: number): string {
  const inner = Array.from({ length: side - 1 }, (_, i) => i + 1);
  return inner.map((at) => `M${at} 0V${side}M0 ${at}H${side}`).join('');
}

export function CellMarks({ side, grid = false, outlines }: Props) {
  return (
    <svg
      className={styles.marks}
      viewBox={`0 0 ${side} ${side}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {grid && <path className={styles.grid} d={gridPath(side)} />}
      {outlines.map(({ corner, size, look }) => (
        <g key={look} className={styles[look]}>
          <rect className={styles.halo} x={corner.x} y={corner.y} width={size} height={size} />
          <rect className={styles.edge} x={corner.x} y={corner.y} width={size} height={size} />
        </g>
      ))}
    </svg>
  );
}
