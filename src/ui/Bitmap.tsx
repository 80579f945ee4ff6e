/** A bitmap, one canvas pixel a pixel, scaled up crisply to the width that it is given. */
import { useLayoutEffect, useRef } from 'react';
import styles from './Bitmap.module.css';

export interface Pixels {
  width: number;
  height: number;
  /** [height, width, 4] */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

interface Props {
  pixels: Pixels;
  /** Left out where what is around it says it all. */
  label?: string;
}

export function Bitmap({ pixels, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = pixels;
  useLayoutEffect(() => {
    const image = new ImageData(pixels.rgba, pixels.width, pixels.height);
    canvas.current!.getContext('2d')!.putImageData(image, 0, 0);
  }, [pixels]);
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return <canvas ref={canvas} className={styles.bitmap} width={width} height={height} {...named} />;
}
