/** A control's name and key, shown beside it on hover and focus. */
import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';
import controls from './controls.module.css';

interface Props {
  text: string;
  keys?: string;
  children: ReactElement;
}

export function Tip({ text, keys, children }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className={controls.tip} sideOffset={4} collisionPadding={8}>
          {text}
          {keys && <span className={controls.keys}>{keys}</span>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
