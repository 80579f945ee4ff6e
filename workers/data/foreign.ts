/** Formats that people have data in and that are not read: what each is, and the one thing to do. By signature; TFRecord has none, so its name counts too. */

const text = (head: Uint8Array, from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
const begins =
  (...bytes: number[]) =>
  (head: Uint8Array) =>
    bytes.every((byte, i) => head[i] === byte);

export interface Foreign {
  is: (head: Uint8Array, name: string) => boolean;
  /** Ends a sentence that begins with the file. */
  says: string;
  /** Often lies beside data without being any. */
  isCommon?: true;
}

const UNPACK = 'unpack it first, and open the folder, or pack it as zip or tar.gz.';

/** Sources: the formats' own specifications; `file`'s magic for MATLAB. */
const FOREIGN: Foreign[] = [
  { is: begins(0x42, 0x5a, 0x68), says: `is packed by bzip2, which is not read: ${UNPACK}` },
  { is: begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), says: `is packed by xz, which is not read: ${UNPACK}` },
  { is: begins(0x28, 0xb5, 0x2f, 0xfd), says: `is packed by Zstandard, which is not read: ${UNPACK}` },
  { is: begins(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), says: `is a 7z archive, which is not read: ${UNPACK}` },
  { is: (head) => text(head, 0, 4) === 'Rar!', says: `is a RAR archive, which is not read: ${UNPACK}` },
  {
    is: (head) => text(head, 0, 6) === 'ARROW1' || isArrowStream(head),
    says: 'is an Arrow file, which is not read: save the data set as parquet, in Python with dataset.to_parquet("train.parquet").',
  },
  {
    is: (head) => /^MATLAB 5\.0|^MATLAB 7\.\d/.test(text(head, 0, 12)),
    says: 'is a MATLAB file, which is not read: open the binary or the Python version of the data set.',
  },
  {
    is: (head) => text(head, 1, 4) === 'HDF' && head[0] === 0x89,
    says: 'is an HDF5 file, which is not read: save the pictures as PNG files in folders, or as parquet.',
  },
  {
    is: isTfRecord,
    says: 'is a TFRecord file, which is not read: save the data set as PNG files in folders, or as parquet.',
  },
  {
    is: (head) => /^P[1-6][\s#]/.test(text(head, 0, 3)),
    says: 'is a PNM picture (PPM, PGM or PBM), which is not read: convert it to PNG; PNG, JPEG, GIF, WebP, AVIF and BMP are read.',
  },
  {
    is: (head) => ['II*\0', 'MM\0*'].includes(text(head, 0, 4)),
    says: 'is a TIFF picture, which is not read: convert it to PNG; PNG, JPEG, GIF, WebP, AVIF and BMP are read.',
  },
  {
    is: (head) => text(head, 0, 43) === 'version https://git-lfs.github.com/spec/v1\n',
    says: 'is a pointer of Git LFS and not the file itself: run git lfs pull in its repository, or download it from its page.',
  },
  {
    is: (head) => /^(\uFEFF|ï»¿)?\s*(<!--.*?-->\s*)?<(!doctype html|html|head|body)\b/is.test(text(head, 0, 1024)),
    says: 'is a web page and not the file itself: download it again, after signing in if the site asks for that.',
    isCommon: true,
  },
  {
    is: (head) => head[0] === 0 && head[1] === 0 && head[2] === 8 && head[3] === 1 && head.length >= 8,
    says: "has labels in MNIST's form (idx), which is not read: save the data set as PNG files in folders, or as parquet.",
  },
  {
    is: (head) => head[0] === 0 && head[1] === 0 && head[2] === 8 && (head[3] === 3 || head[3] === 4),
    says: "has pictures in MNIST's form (idx), which is not read: save the data set as PNG files in folders, or as parquet.",
  },
  {
    is: (head) => text(head, 1, 6) === 'NUMPY' && head[0] === 0x93,
    says: 'is a NumPy array, which is not read: save the pictures as PNG files in folders, or as parquet.',
  },
];

/** The format of a file that cannot be read; undefined for what is not known. */
export function foreignFormat(head: Uint8Array, name: string): Foreign | undefined {
  return FOREIGN.find(({ is }) => is(head, name));
}

/** A continuation mark and a small length, then a flatbuffer's root. */
function isArrowStream(head: Uint8Array): boolean {
  if (head.length < 16 || ![0, 1, 2, 3].every((i) => head[i] === 0xff)) return false;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
  return length > 0 && length < 1e6;
}

/** A record's length of eight bytes, in a file that is called so. */
function isTfRecord(head: Uint8Array, name: string): boolean {
  if (head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset);
  const length = view.getUint32(0, true);
  const fits = length > 4 && length < 1e9 && view.getUint32(4, true) === 0;
  return fits && /tfrec/i.test(name);
}
