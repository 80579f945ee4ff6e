/** Files and folders as they are picked or dropped, with their paths: the folder that a picture lies in is its class. */
import type { IncomingFile } from '../../workers/contract.ts';

/** Of a file or folder picker. */
export function pickedFiles(files: Iterable<File>): IncomingFile[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * Of a drop, folders and all that is in them included. The list of a drop is emptied as soon as the event is over, so the
 * entries are taken out at once and only read later.
 */
export function droppedFiles(data: DataTransfer): Promise<IncomingFile[]> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve(pickedFiles(data.files));
  return Promise.all(entries.map(filesIn)).then((lists) => lists.flat());
}

async function filesIn(entry: FileSystemEntry): Promise<IncomingFile[]> {
  if (entry.isFile) {
    const path = entry.fullPath.replace(/^\//, '');
    const unreadable = new Error(`${path} could not be read: it was moved, or this page may not read it.`);
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, () => reject(unreadable)),
    );
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: IncomingFile[] = [];
  for (;;) {
    // A reader hands out a hundred entries at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const inside of some) found.push(...(await filesIn(inside)));
  }
}
