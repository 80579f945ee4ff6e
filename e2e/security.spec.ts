/** What the built page may not do, whoever asks. */

import { expect, test } from './complete-page.ts';

test.use({ allowedComplaints: /Content Security Policy|foreign request: https:\/\/example\.org/ });

test('the page runs no text as code and speaks to nobody else, even when asked to', async ({ complete, page }) => {
  await complete.openQuickly();
  const refused = await page.evaluate(async () => {
    const heard: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => heard.push(effectiveDirective));
    const attempts = [
      () => setTimeout('document.title = ""'),
      () => fetch('https://example.org/'),
      () => new Worker('data:text/javascript,1'),
    ];
    for (const attempt of attempts) {
      try {
        await attempt();
      } catch {
        // refused
      }
    }
    const image = new Image();
    image.src = 'https://example.org/x.png';
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.head.append(style);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return heard;
  });
  expect(new Set(refused)).toEqual(new Set(['script-src', 'connect-src', 'worker-src', 'img-src', 'style-src-elem']));
});
