/** Tells a model among dropped files from pictures. */
import type { IncomingFile } from '../../workers/contract.ts';

/** Parts of a model folder as Hugging Face has it, those that cannot be read here included: the reader says why. */
const PART = /(^|\/)((preprocessor_)?config\.json|pytorch_model[^/]*\.bin)$|\.safetensors(\.index\.json)?$/i;
const ZIP = 'PK\x03\x04';

/** Whether there is any part of a model, or nothing but a zip archive, whatever its name. */
export async function isModel(files: IncomingFile[]): Promise<boolean> {
  if (files.some(({ path }) => PART.test(path))) return true;
  if (files.length !== 1) return false;
  return (await files[0].file.slice(0, ZIP.length).text()) === ZIP;
}
