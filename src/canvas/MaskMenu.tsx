/** Hides a part of the picture for the model to complete. */
import { DropdownMenu, Toolbar } from 'radix-ui';
import { drawing } from '../state/drawing.ts';
import controls from './controls.module.css';
import { ChevronIcon, MaskIcon } from './icons.tsx';
import type { Mask } from './raster.ts';
import { Tip } from './Tip.tsx';

const GROUPS: readonly { label: string; masks: readonly (readonly [Mask, string])[] }[] = [
  {
    label: 'Keep only',
    masks: [
      ['top half', 'Top half'],
      ['bottom half', 'Bottom half'],
      ['left half', 'Left half'],
      ['right half', 'Right half'],
      ['top quarter', 'Top quarter'],
    ],
  },
  {
    label: 'Hide',
    masks: [
      ['centre hidden', 'Centre'],
      ['all hidden', 'Everything'],
      ['nothing hidden', 'Nothing'],
    ],
  },
];

export function MaskMenu({ disabled }: { disabled: boolean }) {
  return (
    <DropdownMenu.Root modal={false}>
      <Tip text="Hide a part of the picture">
        <DropdownMenu.Trigger asChild>
          <Toolbar.Button
            className={`${controls.button} ${controls.labelled}`}
            disabled={disabled}
            aria-label="Hide a part"
          >
            <MaskIcon mask="top half" />
            Hide
            <ChevronIcon />
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
          {GROUPS.map(({ label, masks }) => (
            <DropdownMenu.Group key={label} aria-label={label}>
              <DropdownMenu.Label className={controls.group}>{label}</DropdownMenu.Label>
              {masks.map(([mask, text]) => (
                <DropdownMenu.Item key={mask} className={controls.item} onSelect={() => drawing.getState().mask(mask)}>
                  <MaskIcon mask={mask} />
                  {text}
                </DropdownMenu.Item>
              ))}
            </DropdownMenu.Group>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
