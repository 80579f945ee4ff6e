/** Lets a picture be pasted or dropped anywhere on the page, and a model be dropped. */
import { useEffect, useEffectEvent } from 'react';
import type { IncomingFile } from '../../workers/contract.ts';
import { droppedFiles } from '../data/incomingFiles.ts';
import { isModel } from '../models/incomingModel.ts';
import { report } from '../state/notices.ts';
import { usePageDrop } from '../ui/pageDrop.ts';
import { isTextField, pastedPicture } from './incomingPicture.ts';

export interface Inlet {
  onPicture: (file: Blob) => void;
  onModel: (files: IncomingFile[]) => void;
}

/** True while a file is dragged over the page. */
export function usePictureInlet(disabled: boolean, { onPicture, onModel }: Inlet): boolean {
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

  const take = async (dropped: Promise<IncomingFile[]>) => {
    const files = await dropped;
    if (await isModel(files)) onModel(files);
    else if (files[0]) onPicture(files[0].file);
  };

  return usePageDrop(disabled, (data) => void take(droppedFiles(data)).catch(report));
}
