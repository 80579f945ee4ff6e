/**
 * Set-up of the unit tests: typed arrays of the same bytes are equal. Vitest itself looks at one element after the other
 * through its keys, for seconds where a file is compared; it still does so where bytes differ, and says where.
 */
import { expect } from 'vitest';

expect.addEqualityTesters([
  (a, b) => {
    if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || a.constructor !== b.constructor) return undefined;
    return Buffer.compare(bytesOf(a), bytesOf(b)) === 0 ? true : undefined;
  },
]);

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => new Uint8Array(buffer, byteOffset, byteLength);
