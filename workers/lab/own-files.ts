/** The files of a model of the visitor's own: loose, in a folder or in a zip archive; the weights are read last, in pieces. */
import type { IncomingFile, LoadProgress } from '../contract.ts';
import { isZip, zipEntries } from '../data/archives/zip.ts';
import { fileSource, Meter, readAt, type Source, wholeSource } from '../data/source.ts';
import { BadInput } from '../errors.ts';
import { modelParts } from '../formats/model-layout.ts';

export interface OwnFiles {
  /** Of the folder or the archive; undefined for loose files. */
  name: string | undefined;
  /** Of all files together. */
  bytes: number;
  /** By name; those with weights come last. Each can be read once. */
  parts: Map<string, Source>;
}

/** What may be a part of a model, so that an archive's pictures need not be read. */
const PART = /\.(json|safetensors|bin)$/;
const MOST_JSON = 64e6;

/**
 * Finds the parts of one model among files.
 * @param onProgress hears of all bytes that are read of the parts later
 * @throws BadInput with one sentence if they are not all there
 */
export async function ownFiles(
  incoming: IncomingFile[],
  onProgress: (progress: LoadProgress) => void,
): Promise<OwnFiles> {
  const hear = (loaded: number, total: number) => onProgress({ loaded, total });
  const archive = await loneArchive(incoming);
  if (archive) {
    const meter = new Meter(archive.file.size, hear);
    const entries: [string, Source][] = [];
    for await (const entry of zipEntries(await fileSource(archive.file, archive.path, meter), meter)) {
      if (PART.test(entry.name)) entries.push([[...entry.folders, entry.name].join('/'), entry]);
    }
    const { folder, files } = modelParts(entries);
    const bytes = [...files.values()].reduce((sum, { size = 0 }) => sum + size, 0);
    return { name: folder ?? archive.file.name.replace(/\.zip$/i, ''), bytes, parts: files };
  }
  const { folder, files } = modelParts(incoming.map(({ path, file }) => [path, file]));
  const bytes = [...files.values()].reduce((sum, { size }) => sum + size, 0);
  const meter = new Meter(bytes, hear);
  const parts = new Map<string, Source>();
  for (const [name, file] of files) parts.set(name, await fileSource(file, name, meter));
  return { name: folder, bytes, parts };
}

/** The archive, where one came and nothing else. */
async function loneArchive([first, ...more]: IncomingFile[]): Promise<IncomingFile | undefined> {
  if (!first || more.length > 0) return undefined;
  return isZip(await readAt(first.file, 0, 4, first.path)) ? first : undefined;
}

/** All parts but the weights. */
export async function readSmall({ parts }: OwnFiles): Promise<Map<string, Uint8Array>> {
  const small = new Map<string, Uint8Array>();
  for (const [name, part] of parts) if (isSmall(name)) small.set(name, await wholeSource(part, MOST_JSON));
  return small;
}

/** The parts with weights. @throws BadInput if there is no memory for them. */
export async function readWeightFiles({ parts }: OwnFiles): Promise<Map<string, Uint8Array>> {
  const weights = new Map<string, Uint8Array>();
  try {
    for (const [name, part] of parts) {
      if (!isSmall(name)) weights.set(name, await wholeSource(part, Number.POSITIVE_INFINITY));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BadInput('There is not enough memory here for the weights of this model.');
  }
  return weights;
}

const isSmall = (name: string): boolean => name.endsWith('.json');
