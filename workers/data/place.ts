/** What names alone say of a file: what it is called, and whether it is anything at all. */

import type { Source } from './source.ts';

/** A file's name without its endings. */
export function stem(name: string): string {
  return name.replace(/(\.[a-z0-9]{1,7}){1,2}$/i, '') || name;
}

/** Files that the systems of the day leave everywhere, pictures among them. */
export function isLitter({ name, folders }: Source): boolean {
  return (
    name.startsWith('.') ||
    /^(thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r)$/i.test(name) ||
    folders.some((folder) => folder === '__MACOSX' || folder.startsWith('.'))
  );
}
