/** A model folder as a zip archive, and nothing packed: weights hardly shrink. */
import { Zip, ZipPassThrough } from 'fflate';
import { type ModelFolder, writeModelFolder } from './huggingface.ts';

/**
 * @param folder the name of the folder inside
 * @throws BadInput if a weight is too large for F16
 */
export function modelArchive(model: ModelFolder, dtype: 'F32' | 'F16', folder: string): Blob {
  // Pieces, not one array: a large model's weights are then copied once less.
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
  });
  for (const [name, bytes] of writeModelFolder(model, dtype)) {
    const entry = new ZipPassThrough(`${folder}/${name}`);
    zip.add(entry);
    entry.push(bytes, true);
  }
  zip.end();
  return new Blob(pieces as BlobPart[], { type: 'application/zip' });
}
