/** What can be done with a completion: go on from it, keep it, or share how it was made. */
import type { ReactNode } from 'react';
import type { Run } from '../../state/completion.ts';
import { report } from '../../state/notices.ts';
import { download, slug } from '../../ui/download.ts';
import { Menu, MenuItem, MenuSeparator } from '../../ui/Menu.tsx';
import { variantOf, type Which } from '../which.ts';
import { copyLink } from './copyLink.ts';
import { completionGif } from './gif.ts';
import { picturePng, sheetPng } from './png.ts';
import { takeAsDrawing } from './takeAsDrawing.ts';

interface Props {
  run: Run;
  which: Which;
  /** The one button that opens it. */
  trigger: ReactNode;
}

export function SaveMenu({ run, which, trigger }: Props) {
  const tokens = variantOf(run, which)?.tokens;
  const name = slug(run.name);
  const file = which === 'original' ? `${name}-original` : `${name}-${which + 1}`;

  const save = (made: Promise<Blob>, fileName: string) => void made.then((blob) => download(blob, fileName), report);

  return (
    <Menu trigger={trigger}>
      {tokens && (
        <>
          <MenuItem onSelect={() => takeAsDrawing(run, tokens)}>Use this one</MenuItem>
          <MenuSeparator />
          <MenuItem onSelect={() => save(picturePng(run, tokens), `${file}.png`)}>Save as PNG</MenuItem>
          <MenuItem onSelect={() => save(completionGif(run, tokens), `${file}.gif`)}>Save as animated GIF</MenuItem>
        </>
      )}
      <MenuItem onSelect={() => save(sheetPng(run), `${name}-completions.png`)}>Save all as one PNG</MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => void copyLink()}>Copy link</MenuItem>
    </Menu>
  );
}
