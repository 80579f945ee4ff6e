/** A picture whose pixels can be examined one by one: by pointing, by tapping, or with the arrow keys. */
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { UNKNOWN } from '../../workers/contract.ts';
import { PixelCanvas } from '../canvas/PixelCanvas.tsx';
import type { Painting } from '../canvas/paint.ts';
import { useAttention } from '../state/attention.ts';
import type { Run } from '../state/completion.ts';
import { spotOf, useInspection } from '../state/inspection.ts';
import styles from './PixelPicture.module.css';
import type { Variant } from './variant.ts';
import { gazeOf, heatOf } from './views.ts';
import type { Which } from './which.ts';

interface Props {
  run: Run;
  which: Which;
  variant: Variant;
  label: string;
}

const STEPS: Record<string, readonly [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function PixelPicture({ run, which, variant, label }: Props) {
  const { side } = run;
  const select = useInspection((s) => s.select);
  const hover = useInspection((s) => s.hover);
  const selected = useInspection((s) => s.selected.which === which);
  const pixel = useInspection((s) => (spotOf(s).which === which ? spotOf(s).pixel : null));
  const look = useLook(run, variant, pixel);
  /** The pixel that a click means: a finger's hover is over before its click. */
  const under = useRef<number | null>(null);

  const step = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = pixel ?? Math.max(0, run.given.indexOf(UNKNOWN));
    const x = Math.min(side - 1, Math.max(0, (at % side) + by[0]));
    const y = Math.min(side - 1, Math.max(0, Math.floor(at / side) + by[1]));
    hover(null);
    select({ which, pixel: pixel === null ? at : y * side + x });
  };

  return (
    <div
      role="application"
      aria-label={`${label}. Arrow keys go from pixel to pixel.`}
      aria-current={selected ? 'true' : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its pixels are examined by keyboard
      tabIndex={0}
      className={styles.picture}
      data-selected={selected}
      onKeyDown={step}
      onFocus={() => !selected && select({ which, pixel })}
      onClick={() => select({ which, pixel: under.current })}
    >
      <PixelCanvas
        {...look}
        side={side}
        highlight={pixel}
        label=""
        onPixelHover={(index) => {
          if (index !== null) under.current = index;
          hover(index === null ? null : { which, pixel: index });
        }}
      />
    </div>
  );
}

/** The pixels in the current view: as they are, as a heat map, or below what an attention head looked at. */
function useLook(run: Run, variant: Variant, pixel: number | null): Pick<Painting, 'tokens' | 'palette' | 'overlay'> {
  const view = useInspection((s) => s.view);
  const map = useAttention((s) => (s.shown?.tokens === variant.tokens ? s.shown : null));
  return useMemo(() => {
    const plain = { tokens: variant.tokens, palette: run.palette };
    if (view === 'attention') return map && pixel !== null ? { ...plain, overlay: gazeOf(map, pixel).heat } : plain;
    return heatOf(view, variant) ?? plain;
  }, [view, run.palette, variant, map, pixel]);
}
