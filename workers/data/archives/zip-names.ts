/**
 * Names in a zip archive as text. The format has UTF-8 by a flag or in an extra field; everything else is in the code page of
 * the packer's system, which no field names: 437 by the specification, 866 where Windows speaks Russian.
 * Source: PKWARE's APPNOTE.TXT 6.3.10, 4.4.4, 4.6.9 and appendix D.
 */

/** Code page 437 from 0x80 on. Source: Unicode's CP437.TXT. */
const CP_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

export interface RawName {
  bytes: Uint8Array;
  /** Whether the entry says that its name is UTF-8. */
  isUtf8: boolean;
  /** The name in the extra field for Unicode, if it is for this name. */
  unicode: string | undefined;
}

/** The names of one archive, decoded together: its code page is found out by all of them. */
export function decodeNames(names: RawName[]): string[] {
  const old = names.filter(
    ({ bytes, isUtf8, unicode }) => !isUtf8 && unicode === undefined && bytes.some((x) => x > 0x7f),
  );
  // Macs write UTF-8 without saying so.
  const page = old.every(({ bytes }) => utf8(bytes) !== undefined) ? 'utf-8' : isRussian(old) ? 'ibm866' : 'ibm437';
  return names.map(({ bytes, isUtf8, unicode }) => {
    if (unicode !== undefined) return unicode;
    if (isUtf8 || page === 'utf-8' || bytes.every((x) => x < 0x80)) return new TextDecoder().decode(bytes);
    if (page === 'ibm866') return new TextDecoder(page).decode(bytes);
    return Array.from(bytes, (x) => (x < 0x80 ? String.fromCharCode(x) : CP_437[x - 0x80])).join('');
  });
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Russian words have no Latin letters, and those of the west have few others. */
function isRussian(names: RawName[]): boolean {
  let russian = 0;
  let western = 0;
  for (const { bytes } of names) {
    bytes.forEach((x, i) => {
      if (x < 0x80) return;
      const beside = [bytes[i - 1], bytes[i + 1]];
      const letter = x <= 0xaf || (x >= 0xe0 && x <= 0xf1);
      if (!letter) western += 1;
      else if (beside.some((y) => y >= 0x80)) russian += 1;
      else if (beside.some(isLatin)) western += 1;
    });
  }
  return russian > western;
}

const isLatin = (x: number | undefined) => x !== undefined && ((x >= 0x41 && x <= 0x5a) || (x >= 0x61 && x <= 0x7a));
