/** Lets a picture be pasted or dropped anywhere on the page. */
import { useEffect, useEffectEvent } from 'react';
import { usePageDrop } from '../ui/pageDrop.ts';
import { isTextField, pastedPicture } from './incomingPicture.ts';

/** True while a file is dragged over the page. */
export function usePictureInlet(disabled: boolean, onPicture: (file: Blob) => void): boolean {
  const paste = useEffectEvent((event: ClipboardEvent) => {
    if (disabled || isTextField(event.target)) return;
    const picture = pastedPicture(event.clipboardData);
    if (!picture) return;
    event.preventDefault();
    onPicture(picture);
  });

  useEffect(() => {
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);

  return usePageDrop(disabled, ({ files }) => {
    if (files[0]) onPicture(files[0]);
  });
}
