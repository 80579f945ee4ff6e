/** Whether bytes are what they should be. */

let said = false;

/**
 * Browsers have the hash in secure contexts alone: where the page comes over plain http from another machine, nothing is
 * checked, and the console says so.
 * @param sha256 in hexadecimal digits
 */
export async function isIntact(bytes: Uint8Array | Blob, sha256: string): Promise<boolean> {
  if (!globalThis.crypto?.subtle) {
    if (!said) console.info('Downloads are not checked, because this page was not fetched over a secure connection.');
    said = true;
    return true;
  }
  const data = bytes instanceof Blob ? await bytes.arrayBuffer() : (bytes as Uint8Array<ArrayBuffer>);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}
