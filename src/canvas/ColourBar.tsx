/** The current colour and the ones used lately. */
import { ToggleGroup } from 'radix-ui';
import { drawing, RECENT_COLOURS, useDrawing } from '../state/drawing.ts';
import styles from './ColourBar.module.css';
import { colourName, hex, paletteColour } from './colour.ts';
import { PalettePicker } from './PalettePicker.tsx';
import { Tip } from './Tip.tsx';

export function ColourBar({ disabled }: { disabled: boolean }) {
  const palette = useDrawing((state) => state.palette);
  const colour = useDrawing((state) => state.colour);
  const recent = useDrawing((state) => state.recent);
  return (
    <div className={styles.bar}>
      <PalettePicker disabled={disabled} />
      <ToggleGroup.Root
        className={styles.recent}
        style={{ gridTemplateColumns: `repeat(${RECENT_COLOURS}, minmax(0, var(--hit)))` }}
        type="single"
        aria-label="Recent colours"
        disabled={disabled}
        value={String(colour)}
        onValueChange={(value) => value && drawing.getState().setColour(Number(value))}
      >
        {recent.map((index) => {
          const rgb = paletteColour(palette, index);
          return (
            <Tip key={index} text={colourName(rgb)}>
              <ToggleGroup.Item className={styles.slot} value={String(index)} aria-label={colourName(rgb)}>
                <span className={styles.swatch} style={{ background: hex(rgb) }} />
              </ToggleGroup.Item>
            </Tip>
          );
        })}
      </ToggleGroup.Root>
    </div>
  );
}
