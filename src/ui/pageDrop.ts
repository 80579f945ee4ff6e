/** Files dropped on the page. Wherever they fall they are for what is open: one that nothing takes replaces the whole page. */
import { useEffect, useEffectEvent, useRef, useState } from 'react';

function carriesFiles(data: DataTransfer | null): data is DataTransfer {
  return data?.types.includes('Files') ?? false;
}

/** Hears what is dropped anywhere on the page; true while files are dragged over it. */
export function usePageDrop(disabled: boolean, onDrop: (data: DataTransfer) => void): boolean {
  const [dropping, setDropping] = useState(false);
  // Entering a child fires before leaving its parent, so the two are counted.
  const depth = useRef(0);

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
    if (!disabled) onDrop(event.dataTransfer);
  });

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('dragenter', cross, { signal });
    document.addEventListener('dragleave', cross, { signal });
    document.addEventListener('dragover', hover, { signal });
    document.addEventListener('drop', drop, { signal });
    return () => listening.abort();
  }, []);

  return dropping;
}

/** Leaves the page as it is where nothing open takes files. Call once. */
export function refuseStrayFiles(): void {
  addEventListener('dragover', (event) => {
    if (event.defaultPrevented || !carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  });
  addEventListener('drop', (event) => {
    if (carriesFiles(event.dataTransfer)) event.preventDefault();
  });
}
