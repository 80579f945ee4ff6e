/** A picture, one canvas pixel a cell, scaled up crisply to the width of whatever holds it. */
import { type PointerEvent, useLayoutEffect, useRef } from 'react';
import { CellMarks } from './CellMarks.tsx';
import styles from './PixelCanvas.module.css';
import { type Painting, paint } from './paint.ts';
import { useThemeInks } from './themeInks.ts';

export interface PixelCanvasProps extends Painting {
  /** What a screen reader calls the picture; empty where the surroundings name it already. */
  label: string;
  /** A pixel to outline. */
  highlight?: number | null;
  /** Hears the index of the pixel under mouse, pen or finger, and null when it leaves. */
  onPixelHover?: (index: number | null) => void;
}

export function PixelCanvas({
  tokens,
  palette,
  side,
  overlay,
  label,
  highlight = null,
  onPixelHover,
}: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const inks = useThemeInks();

  useLayoutEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const image = context.createImageData(side, side);
    paint({ tokens, palette, side, overlay }, inks, image.data);
    context.putImageData(image, 0, 0);
  }, [tokens, palette, side, overlay, inks]);

  const hover = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!onPixelHover) return;
    const box = event.currentTarget.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * side);
    const y = Math.floor(((event.clientY - box.top) / box.height) * side);
    onPixelHover(x >= 0 && y >= 0 && x < side && y < side ? y * side + x : null);
  };

  return (
    <div className={styles.picture}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        width={side}
        height={side}
        role={label ? 'img' : undefined}
        aria-label={label || undefined}
        aria-hidden={label ? undefined : true}
        onPointerDown={hover}
        onPointerMove={hover}
        onPointerLeave={() => onPixelHover?.(null)}
      />
      {highlight !== null && (
        <CellMarks
          side={side}
          outlines={[{ corner: { x: highlight % side, y: Math.floor(highlight / side) }, size: 1, look: 'highlight' }]}
        />
      )}
    </div>
  );
}
