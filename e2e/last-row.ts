/** A small task for slow backends: the first example with only its last row unknown, the original kept. */

import { type CompletePage, expect } from './complete-page.ts';
import type { SlowHost } from './slow-host.ts';

/** Prepared while the model is still coming, so that nothing larger is completed before. Two variants. */
export async function completeLastRow(complete: CompletePage, host: SlowHost, settings: string): Promise<void> {
  await complete.open(`n=2&${settings}`);
  await expect(complete.page.getByRole('button', { name: /^Example:/ }).first()).toBeVisible();
  await complete.hide('Nothing');
  await complete.choose('Eraser');
  await complete.stroke({ x: 0, y: 15 }, { x: 15, y: 15 });
  host.release();
  await expect(complete.start).toBeEnabled({ timeout: 60_000 });
  await complete.run(180_000);
}

/** The first fifteen rows are the drawing's to the bit, the last one is chosen. */
export async function expectLastRowChosen(complete: CompletePage): Promise<void> {
  const drawn = await complete.drawn();
  expect(drawn.slice(0, 240)).not.toContain('unknown');
  expect(new Set(drawn.slice(240))).toEqual(new Set(['unknown']));
  const pictures = await complete.completions();
  expect(pictures).toHaveLength(2);
  for (const picture of pictures) {
    expect(picture.slice(0, 240)).toEqual(drawn.slice(0, 240));
    expect(picture).not.toContain('unknown');
  }
}
