/** Something that the person can mend; the message is one plain sentence fit to be shown as it is. */
export class BadInput extends Error {
  override name = 'BadInput';
}

/** Work that was stopped on request. */
export class Aborted extends Error {
  override name = 'AbortError';
  constructor() {
    super('Stopped.');
  }
}
