/** Copies the page's address, which carries the drawing and the settings. */
import { copyText } from '../../state/clipboard.ts';
import { writeAddress } from '../../state/link.ts';

export function copyLink(): Promise<void> {
  writeAddress();
  return copyText(
    location.href,
    'The link is copied. It carries the drawing and the settings.',
    'The browser does not let this page copy. Copy the link from here:',
  );
}
