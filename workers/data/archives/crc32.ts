/** The checksum of zip and gzip. */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let x = byte;
  for (let bit = 0; bit < 8; bit++) x = (x >>> 1) ^ (x & 1 ? 0xedb88320 : 0);
  return x;
});

/** CRC-32 of bytes that follow others with the given one. Source: ISO 3309. */
export function crc32(bytes: Uint8Array, before: number): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
