/** Copies the page's address, which carries the drawing and the settings. */
import { writeAddress } from '../../state/link.ts';
import { notices } from '../../state/notices.ts';

export async function copyLink(): Promise<void> {
  writeAddress();
  const { notify } = notices.getState();
  try {
    await navigator.clipboard.writeText(location.href);
    notify('note', 'The link is copied. It carries the drawing and the settings.');
  } catch {
    notify('note', 'The browser does not let this page copy. Copy the link from here:', location.href);
  }
}
