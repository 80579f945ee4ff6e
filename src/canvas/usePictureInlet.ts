/** Lets a picture be pasted anywhere on the page and dropped on one element. */
import { type DragEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { carriesFiles, isTextField, pastedPicture } from './incomingPicture.ts';

export function usePictureInlet(disabled: boolean, onPicture: (file: Blob) => void) {
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

  useEffect(() => {
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);

  const enter = (by: 1 | -1) => (event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return;
    depth.current = Math.max(0, depth.current + by);
    setDropping(depth.current > 0 && !disabled);
  };

  return {
    dropping,
    handlers: {
      onDragEnter: enter(1),
      onDragLeave: enter(-1),
      onDragOver(event: DragEvent) {
        if (!carriesFiles(event.dataTransfer)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = disabled ? 'none' : 'copy';
      },
      onDrop(event: DragEvent) {
        if (!carriesFiles(event.dataTransfer)) return;
        event.preventDefault();
        depth.current = 0;
        setDropping(false);
        const file = event.dataTransfer.files[0];
        if (file && !disabled) onPicture(file);
      },
    },
  };
}
