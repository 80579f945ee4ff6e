/** Lets a picture be pasted or dropped anywhere: a file that misses a smaller target would replace the whole page. */
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { carriesFiles, isTextField, pastedPicture } from './incomingPicture.ts';

/** True while a file is dragged over the page. */
export function usePictureInlet(disabled: boolean, onPicture: (file: Blob) => void): boolean {
  const [dropping, setDropping] = useState(false);
  // Entering a child fires before leaving its parent, so the two are counted.
  const depth = useRef(0);

  const paste = useEffectEvent((event: ClipboardEvent) => {
    if (disabled || isTextField(event.target)) return;
    const picture = pastedPicture(event.clipboardData);
    if (!picture) return;
    event.preventDefault();
    onPicture(picture);
  });

  const cross = useEffectEvent((event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return;
    depth.current = Math.max(0, depth.current + (event.type === 'dragenter' ? 1 : -1));
    setDropping(depth.current > 0 && !disabled);
  });

  const hover = useEffectEvent((event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = disabled ? 'none' : 'copy';
  });

  const drop = useEffectEvent((event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    depth.current = 0;
    setDropping(false);
    const file = event.dataTransfer.files[0];
    if (file && !disabled) onPicture(file);
  });

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('paste', paste, { signal });
    document.addEventListener('dragenter', cross, { signal });
    document.addEventListener('dragleave', cross, { signal });
    document.addEventListener('dragover', hover, { signal });
    document.addEventListener('drop', drop, { signal });
    return () => listening.abort();
  }, []);

  return dropping;
}
