/** Files as a zip archive, and nothing packed: weights hardly shrink. */
import { Zip, ZipPassThrough } from 'fflate';
import { type ModelFolder, writeModelFolder } from './huggingface.ts';

/** @param files bytes by their paths inside */
export function archiveOf(files: Iterable<readonly [path: string, bytes: Uint8Array]>): Blob {
  // Pieces, not one array: a large model's weights are then copied once less.
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
  });
  for (const [path, bytes] of files) {
    const entry = new ZipPassThrough(path);
    zip.add(entry);
    entry.push(bytes, true);
  }
  zip.end();
  return new Blob(pieces as BlobPart[], { type: 'application/zip' });
}

/**
 * @param folder the name of the folder inside
 * @throws BadInput if a weight is too large for F16
 */
export function modelArchive(model: ModelFolder, dtype: 'F32' | 'F16', folder: string): Blob {
  return archiveOf([...writeModelFolder(model, dtype)].map(([name, bytes]) => [`${folder}/${name}`, bytes]));
}
