/** The current colour; opens all colours of the palette as one list that arrow keys walk in two directions. */
import { Popover } from 'radix-ui';
import { type KeyboardEvent, type SyntheticEvent, useEffect, useId, useMemo, useState } from 'react';
import { drawing, useDrawing } from '../state/drawing.ts';
import { colourName, hex, paletteColour } from './colour.ts';
import controls from './controls.module.css';
import { ChevronIcon } from './icons.tsx';
import styles from './PalettePicker.module.css';
import { movedInRows, paletteRows } from './paletteOrder.ts';
import { Tip } from './Tip.tsx';

/** As many as fit while a swatch stays large enough to hit. */
function columnsThatFit(): number {
  if (window.innerWidth >= 840) return 32;
  return window.innerWidth >= 440 ? 16 : 12;
}

function Swatches({ onChosen }: { onChosen: () => void }) {
  const palette = useDrawing((state) => state.palette);
  const colour = useDrawing((state) => state.colour);
  const [columns] = useState(columnsThatFit);
  const [looked, setLooked] = useState(colour);
  const id = useId();
  const rows = useMemo(() => paletteRows(palette, columns), [palette, columns]);
  const options = useMemo(
    () =>
      rows.flat().map((index) => {
        const rgb = paletteColour(palette, index);
        return { index, background: hex(rgb), label: `${colourName(rgb)}, ${hex(rgb)}` };
      }),
    [rows, palette],
  );

  useEffect(() => {
    document.getElementById(`${id}-${looked}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, looked]);

  const choose = (index: number) => {
    drawing.getState().setColour(index);
    onChosen();
  };

  const indexUnder = ({ target }: SyntheticEvent): number | null => {
    const at = (target as HTMLElement).dataset.index;
    return at === undefined ? null : Number(at);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(looked);
      return;
    }
    const row = rows.findIndex((indices) => indices.includes(looked));
    const moved = movedInRows(rows, row, rows[row].indexOf(looked), event.key);
    if (moved === null) return;
    event.preventDefault();
    setLooked(moved);
  };

  const shown = paletteColour(palette, looked);
  return (
    <>
      <p className={styles.shown} aria-hidden="true">
        <span className={styles.sample} style={{ background: hex(shown) }} />
        {colourName(shown)}
        <span className={styles.code}>{hex(shown)}</span>
      </p>
      <div
        className={styles.swatches}
        style={{ gridTemplateColumns: `repeat(${rows[0].length}, minmax(24px, 1fr))` }}
        role="listbox"
        tabIndex={0}
        aria-label="Colours"
        aria-activedescendant={`${id}-${looked}`}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const index = indexUnder(event);
          if (index !== null) choose(index);
        }}
        onPointerOver={(event) => {
          const index = indexUnder(event);
          if (index !== null) setLooked(index);
        }}
      >
        {options.map(({ index, background, label }) => (
          <div
            key={index}
            id={`${id}-${index}`}
            className={styles.swatch}
            role="option"
            tabIndex={-1}
            aria-label={label}
            aria-selected={index === colour}
            data-index={index}
            data-looked={index === looked || undefined}
            style={{ background }}
          />
        ))}
      </div>
    </>
  );
}

export function PalettePicker({ disabled }: { disabled: boolean }) {
  const palette = useDrawing((state) => state.palette);
  const colour = useDrawing((state) => state.colour);
  const [open, setOpen] = useState(false);
  const rgb = paletteColour(palette, colour);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Tip text="All colours">
        <Popover.Trigger asChild>
          <button
            type="button"
            className={`${controls.button} ${styles.current}`}
            disabled={disabled}
            aria-label={`Colour: ${colourName(rgb)}. Show all colours`}
          >
            <span className={styles.sample} style={{ background: hex(rgb) }} />
            <ChevronIcon />
          </button>
        </Popover.Trigger>
      </Tip>
      <Popover.Portal>
        <Popover.Content
          className={`${controls.scope} ${controls.surface} ${styles.panel}`}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="All colours"
        >
          <Swatches onChosen={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
