/** The width of brush and eraser. */
import { DropdownMenu, Toolbar } from 'radix-ui';
import { drawing, useDrawing } from '../state/drawing.ts';
import controls from './controls.module.css';
import { SizeIcon } from './icons.tsx';
import { BRUSH_SIZES } from './raster.ts';
import { Tip } from './Tip.tsx';

const widthOf = (size: number) => (size === 1 ? '1 pixel' : `${size} pixels`);

export function SizeMenu({ disabled }: { disabled: boolean }) {
  const size = useDrawing((state) => state.size);
  return (
    <DropdownMenu.Root modal={false}>
      <Tip text={`Brush width: ${widthOf(size)}`} keys="[ ]">
        <DropdownMenu.Trigger asChild>
          <Toolbar.Button
            className={controls.button}
            disabled={disabled}
            aria-label={`Brush width, ${widthOf(size)}`}
            aria-keyshortcuts="[ ]"
          >
            <SizeIcon size={size} />
          </Toolbar.Button>
        </DropdownMenu.Trigger>
      </Tip>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={`${controls.scope} ${controls.surface} ${controls.menu}`}
          align="start"
          sideOffset={4}
          collisionPadding={8}
        >
          <DropdownMenu.RadioGroup value={String(size)}>
            {BRUSH_SIZES.map((choice) => (
              <DropdownMenu.RadioItem
                key={choice}
                className={controls.item}
                value={String(choice)}
                onSelect={() => drawing.getState().setSize(choice)}
              >
                <SizeIcon size={choice} />
                {widthOf(choice)}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
