/** Nobody is shut out by a narrow window, large text, wide spacing, another direction of writing, or colours of their own. */
import type { Page } from '@playwright/test';
import { everyWorkspace } from './everyone-states.ts';
import { axe, expect, settled, test } from './helpers.ts';

/** What sticks out of the page sideways, and texts of which a part is hidden and nowhere else to be had. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const width = document.documentElement.clientWidth;
    const widest = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5 && !element.closest('ul'))
      .map((element) => `${element.tagName}.${element.getAttribute('class')}`)
      .slice(0, 4);
    scrollTo({ left: 9999, behavior: 'instant' });
    if (scrollX !== 0) faults.push(`the page scrolls sideways by ${scrollX} pixels for ${widest}`);
    scrollTo({ left: -9999, behavior: 'instant' });
    if (scrollX !== 0) faults.push(`the page scrolls sideways by ${scrollX} pixels`);
    const shown = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && element.closest('[aria-hidden="true"], svg') === null;
    for (const element of document.querySelectorAll(
      'button, a, input, select, [role="slider"], p, dd, dt, h1, h2, h3',
    )) {
      if (!shown(element)) continue;
      const { left, right, width: own } = element.getBoundingClientRect();
      const scrolls = element.closest('section[tabindex], ul, .u-wrap');
      const told = `${element.tagName} "${(element.textContent || element.getAttribute('aria-label') || '').slice(0, 50)}"`;
      if (own > 2 && !scrolls && (left < -1 || right > width + 1))
        faults.push(`${told} reaches from ${left} to ${right}`);
    }
    // A text that does not fit its box is lost, unless it ends in an ellipsis by design and is whole in a title or a name.
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, p, dd, dt, label, legend, th, td, li, span',
    )) {
      if (!shown(element) || element.clientWidth <= 1) continue;
      const { overflowX, display } = getComputedStyle(element);
      if (display === 'inline') continue;
      const cut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 8;
      if (!cut || overflowX === 'visible') continue;
      const whole = [element, element.parentElement!].some((one) => one.title || one.hasAttribute('aria-label'));
      if (!whole) faults.push(`"${element.textContent?.slice(0, 50)}" is cut off`);
    }
    return faults;
  });
}

const SIZES = [
  { what: '320 pixels, which is 1280 at 400 %', width: 320, height: 256 },
  { what: '360 pixels', width: 360, height: 780 },
  { what: '640 pixels, which is 1280 at 200 %', width: 640, height: 450 },
  { what: '768 pixels', width: 768, height: 900 },
  { what: '1440 pixels', width: 1440, height: 900 },
];

/** WCAG 1.4.12: what a person may set for easier reading. The page's policy does not bind the person's own sheets. */
const SPACING = `
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }`;

async function space(page: Page, on: boolean): Promise<void> {
  await page.evaluate(
    (css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    },
    on ? SPACING : '',
  );
}

/** Controls that are missed by a finger that comes down 11 pixels beside their middle (WCAG 2.5.8). */
async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const faults: string[] = [];
    const controls = 'button, a[href], input:not([hidden]), select, [role="slider"], [role="option"]';
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      if (!control.checkVisibility() || control.matches(':disabled, [data-disabled], p a, li a')) continue;
      // A slider moves wherever its track is pressed; a label presses what it names.
      const target = control.matches('[role="slider"]')
        ? control.parentElement!.parentElement!
        : (control.closest('label') ?? control);
      target.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const { left, right, top, bottom } = target.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      for (const [dx, dy] of [
        [-11, 0],
        [11, 0],
        [0, -11],
        [0, 11],
      ]) {
        const hit = document.elementFromPoint(x + dx, y + dy);
        const label = hit?.closest('label');
        const works = hit && (target.contains(hit) || (hit.contains(target) === false && label?.control === control));
        if (works) continue;
        const name = control.getAttribute('aria-label') ?? control.textContent;
        faults.push(`${control.tagName} "${name?.slice(0, 40)}" is missed ${dx}, ${dy} from its middle`);
        break;
      }
    }
    return faults;
  });
}

test('nothing is cut off or too small to hit when the page is magnified, spaced out or written from right to left', async ({
  page,
}) => {
  test.setTimeout(400_000);
  const faults: string[] = [];
  const measure = async (state: string, how: string) => {
    for (const { what, width, height } of SIZES) {
      await page.setViewportSize({ width, height });
      await settled(page);
      for (const fault of await cutOff(page)) faults.push(`${state}, ${how}, ${what}: ${fault}`);
      if (process.env.SHOTS) {
        const path = `${process.env.SHOTS}/${state}-${how}-${width}.png`;
        await page.screenshot({ path, fullPage: true });
      }
    }
  };
  await everyWorkspace(page, async (state) => {
    for (const fault of await smallTargets(page)) faults.push(`${state}: ${fault}`);
    await measure(state, 'plain');
    await space(page, true);
    await measure(state, 'spaced');
    await space(page, false);
    await page.evaluate(() => (document.documentElement.dir = 'rtl'));
    await measure(state, 'right to left');
    await page.evaluate(() => document.documentElement.removeAttribute('dir'));
    await page.setViewportSize({ width: 1280, height: 800 });
  });
  expect(faults.join('\n')).toBe('');
});

declare global {
  interface Window {
    motions: string[];
  }
}

test.describe('with wishes of the system', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('in colours of the person, and with more contrast, everything chosen and focused is to be told apart; nothing moves', async ({
    page,
  }) => {
    test.setTimeout(300_000);
    await page.addInitScript(() => {
      window.motions = [];
      for (const start of ['transitionrun', 'animationstart'] as const) {
        addEventListener(start, ({ target }) => window.motions.push((target as Element).outerHTML.slice(0, 80)), true);
      }
    });
    await everyWorkspace(page, async (state) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, contrast: 'more', forcedColors: 'none' });
        await settled(page);
        await axe(page);
        await shoot(page, `${state}-contrast-${colorScheme}`);
        await page.emulateMedia({ colorScheme, contrast: 'no-preference', forcedColors: 'active' });
        await settled(page);
        expect(await alike(page), `${state} in forced colours, ${colorScheme}`).toEqual([]);
        await axe(page);
        await shoot(page, `${state}-forced-${colorScheme}`);
      }
      await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' });
    });
    expect(await page.evaluate(() => window.motions)).toEqual([]);
  });
});

async function shoot(page: Page, name: string): Promise<void> {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}

/** What looks the same chosen and not chosen, focused and not focused, or is drawn in no colour that stands out. */
async function alike(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const look = (element: Element) => {
      const { backgroundColor, color, borderColor, boxShadow, outlineColor, outlineStyle } = getComputedStyle(element);
      return [backgroundColor, color, borderColor, boxShadow, outlineStyle === 'none' ? '' : outlineColor].join();
    };
    const pairs = [
      ['[role="radio"][aria-checked="true"]:not(:disabled)', '[role="radio"][aria-checked="false"]:not(:disabled)'],
      ['[role="tab"][aria-selected="true"]', '[role="tab"][aria-selected="false"]'],
      ['button[aria-pressed="true"]', 'button[aria-pressed="false"]'],
      ['[role="switch"][aria-checked="true"]', '[role="switch"][aria-checked="false"]'],
    ];
    const whole = (element: Element) => [look(element), ...[...element.children].map(look)].join(' | ');
    for (const [on, off] of pairs) {
      for (const chosen of document.querySelectorAll(on)) {
        const other = [
          ...(chosen
            .closest('[role="group"], [role="radiogroup"], [role="toolbar"], [role="tablist"], ul, ol, main')
            ?.querySelectorAll(off) ?? []),
        ][0];
        if (other && whole(chosen) === whole(other))
          faults.push(
            `"${chosen.textContent || chosen.getAttribute('aria-label')}" looks chosen no more than "${other.textContent}"`,
          );
      }
    }
    // Bars have a colour that their track has not.
    for (const bar of document.querySelectorAll('[role="progressbar"]')) {
      if (
        bar.checkVisibility() &&
        getComputedStyle(bar).backgroundColor === getComputedStyle(bar.firstElementChild!).backgroundColor
      )
        faults.push(`the bar "${bar.ariaLabel}" cannot be seen`);
    }
    // Lines of charts: some ink that is far from the paper.
    const paper = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)!.map(Number);
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.u-wrap canvas')) {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let furthest = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] < 200) continue;
        furthest = Math.max(furthest, ...[0, 1, 2].map((c) => Math.abs(data[i + c] - paper[c])));
      }
      if (furthest < 100) faults.push('a chart whose ink is like its paper');
    }
    return faults;
  });
}
