/**
 * What a file is, by its first bytes and its length; its name has no say. Formats with a signature come first; the binary
 * files of CIFAR and STL-10 have none, and are known by labels that stand where labels must, and by their length.
 */

import { isTar } from './archives/tar.ts';
import { isZip } from './archives/zip.ts';
import { CIFAR_10, CIFAR_100, type CifarLayout, cifarRecord } from './cifar.ts';
import { namesInText } from './class-names.ts';
import { type Foreign, foreignFormat } from './foreign.ts';
import { isParquet } from './parquet.ts';
import { isPicture } from './picture-header.ts';
import type { Source } from './source.ts';
import { STL_CLASSES, STL_PICTURE } from './stl10.ts';

export type Kind =
  | { is: 'gzip' | 'zip' | 'tar' | 'parquet' | 'pickle' | 'picture' | 'stl-pictures' | 'stl-labels' | 'unknown' }
  | { is: 'cifar'; layout: CifarLayout }
  | { is: 'names'; names: string[] }
  | { is: 'foreign'; format: Foreign };

export function recognise({ head, size, name }: Source): Kind {
  if (head[0] === 0x1f && head[1] === 0x8b) return { is: 'gzip' };
  if (isZip(head)) return { is: 'zip' };
  if (isParquet(head)) return { is: 'parquet' };
  if (isTar(head)) return { is: 'tar' };
  if (isPicture(head)) return { is: 'picture' };
  const format = foreignFormat(head, name);
  if (format) return { is: 'foreign', format };
  const layout = cifarLayout(head, size);
  if (layout) return { is: 'cifar', layout };
  if (isPickle(head)) return { is: 'pickle' };
  const names = size === head.length ? namesInText(head) : undefined;
  if (names) return { is: 'names', names };
  const isLabels = size !== undefined && size <= MAX_LABELS && head.every((x) => x >= 1 && x <= STL_CLASSES);
  if (isLabels && head.length > 0) return { is: 'stl-labels' };
  if (size !== undefined && size > 0 && size % STL_PICTURE === 0 && !isText(head)) return { is: 'stl-pictures' };
  return { is: 'unknown' };
}

/** STL-10 has 8,000 at most. */
const MAX_LABELS = 1e5;
/** Records that have to look right before a file of another length is taken for one that was cut off. */
const SURE = 3;

function cifarLayout(head: Uint8Array, size: number | undefined): CifarLayout | undefined {
  const rated = [CIFAR_10, CIFAR_100].map((layout) => {
    const record = cifarRecord(layout);
    const heads = Math.floor((head.length - layout.labels.length) / record) + 1;
    let right = 0;
    for (let i = 0; i < heads; i++) {
      right += Number(layout.labels.every(({ classes }, place) => head[i * record + place] < classes));
    }
    const fits = size !== undefined && size > 0 && size % record === 0;
    // One wrong label does not make it another format; the reader names it.
    const likely = fits ? right * 2 >= heads : right === heads && right > SURE;
    return { layout, likely, score: right / heads + Number(fits) };
  });
  return rated.filter(({ likely }) => likely).sort((a, b) => b.score - a.score)[0]?.layout;
}

/** PROTO, then a frame, a mark or an empty dictionary; or, in protocol 0 and 1, a mark and a dictionary. */
function isPickle(head: Uint8Array): boolean {
  const [PROTO, FRAME, MARK, EMPTY_DICT, DICT] = [0x80, 0x95, 0x28, 0x7d, 0x64];
  if (head[0] === PROTO) return head[1] <= 5 && [FRAME, MARK, EMPTY_DICT, 0x5d, 0x63].includes(head[2]);
  return (head[0] === MARK && head[1] === DICT) || (head[0] === EMPTY_DICT && head[1] === 0x71);
}

/** Whether the first bytes are text in ASCII or UTF-8. */
export function isText(head: Uint8Array): boolean {
  return head.every((x) => (x >= 0x20 ? x !== 0x7f : x === 0x09 || x === 0x0a || x === 0x0d)) && isUtf8(head);
}

function isUtf8(head: Uint8Array): boolean {
  try {
    // A letter may be cut off at the end of what is looked at.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
