/** The completions side by side, after the original where there is one. */
import { type CSSProperties, useLayoutEffect, useRef, useState } from 'react';
import { type Run, useCompletion } from '../state/completion.ts';
import { useDrawing } from '../state/drawing.ts';
import { useGallery } from '../state/gallery.ts';
import { useSampling } from '../state/sampling.ts';
import { columnsFor } from './columns.ts';
import { VariantCard } from './VariantCard.tsx';
import styles from './VariantGrid.module.css';

export function VariantGrid() {
  const run = useCompletion((s) => s.run);
  const wanted = useSampling((s) => s.sampling.variants);
  /** The examples have originals, so while they load one more picture is to be expected. */
  const loading = useGallery((s) => s.examples === null);
  const places = useDrawing((s) => (s.original || loading ? 1 : 0)) + wanted;
  const count = run ? run.variants.length + (run.original ? 1 : 0) : places;
  const grid = useRef<HTMLUListElement>(null);
  const columns = columnsFor(count, useWidth(grid));
  return (
    <>
      <ul
        ref={grid}
        className={styles.grid}
        aria-label="Completed pictures"
        style={{ '--columns': columns } as CSSProperties}
      >
        {run?.original && (
          <li>
            <VariantCard run={run} which="original" variant={run.original} />
          </li>
        )}
        {run?.variants.map((variant, v) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a variant is its number
          <li key={v}>
            <VariantCard run={run} which={v} variant={variant} />
          </li>
        ))}
        {!run &&
          Array.from({ length: places }, (_, v) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: empty places have nothing but their number
            <li key={v} className={styles.place} />
          ))}
      </ul>
      <p className={styles.note}>
        {run && fewer(run)}
        Under each picture: its mean surprise in bits per pixel, over the pixels that were not given.
      </p>
    </>
  );
}

/** What a completion says of variants that memory did not do for. */
function fewer({ origin, asked, variants }: Run): string {
  if (origin === 'earlier' || variants.length === asked) return '';
  return `The memory that this device gives a page holds ${variants.length} of ${asked} variants at once, so no more are drawn. `;
}

/** The element's width, known before the first paint and followed from then on. */
function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current!;
    setWidth(target.clientWidth);
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
