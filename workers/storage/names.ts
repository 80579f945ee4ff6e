/** What people call the things that they keep, and what the page itself calls them. */
import { BadInput } from '../errors.ts';

export const MAX_NAME = 80;

/** @param what as in "A data set" @throws BadInput if the name is empty or too long */
export function checkName(what: string, name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new BadInput(`${what} needs a name.`);
  if (trimmed.length > MAX_NAME) throw new BadInput(`A name has at most ${MAX_NAME} letters.`);
  return trimmed;
}

/** A random number in the shape of a UUID. crypto.randomUUID is not there over plain http. */
export function newId(): string {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0'));
  return [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10), hex.slice(10)]
    .map((part) => part.join(''))
    .join('-');
}

/** @param what as in "data set" @throws BadInput for anything but what newId gives: an id is part of a path */
export function checkId(what: string, id: string): string {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new BadInput(`There is no such ${what}.`);
  return id;
}
