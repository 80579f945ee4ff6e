import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BASELINE, compat, featuresOf, lacking, usedApis, usedStyles } from './web-apis.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const browsersPage = readFileSync(new URL('../docs/browsers.md', import.meta.url), 'utf8');

/** What a browser of the baseline may lack, since there is a way round; docs/browsers.md has a row for each. */
const OPTIONAL = { WebGPU: /^(GPU|NavigatorGPU)/ };
/** Styles without which a page looks or feels a little plainer, and no worse. */
const OPTIONAL_STYLES = [
  'overflow-clip-margin',
  'scrollbar-width',
  'text-size-adjust',
  'selection',
  'forced-color-adjust',
];
/** TypeScript's names for protocols, which are no interfaces of a browser. */
const PROTOCOL = /^(Async)?Iterator\./;

const isOptional = (name: string) => Object.values(OPTIONAL).some((pattern) => pattern.test(name));

const missingOf = (name: string) => {
  const lacks = featuresOf(name).map((feature) => lacking(feature));
  return lacks.length > 0 && lacks.every((browsers) => browsers.length > 0) ? lacks[0] : [];
};

describe('what every browser of the baseline has', () => {
  it('is all that the page and the worker call, but for what has a way round', () => {
    const used = usedApis(root, (path) => /^(src|workers)\//.test(path) && !/\.(test|d)\.ts$|dawn/.test(path));
    for (const name of ['NavigatorLocks.locks', 'Array.map', 'BroadcastChannel', 'fetch'])
      expect([...used.keys()]).toContain(name);
    const missing = [...used]
      .filter(([name]) => !PROTOCOL.test(name) && !isOptional(name))
      .map(([name, file]) => [name, file, missingOf(name)] as const)
      .filter(([, , browsers]) => browsers.length > 0)
      .map(([name, file, browsers]) => `${name} (${file}) is not in ${browsers.join(', ')}`);
    expect(missing).toEqual([]);
    for (const [name, pattern] of Object.entries(OPTIONAL)) {
      expect(
        [...used.keys()].some((one) => pattern.test(one)),
        `${name} is still used`,
      ).toBe(true);
      expect(browsersPage).toContain(`| ${name} |`);
    }
  }, 120_000);

  it('is all that the style sheets say', () => {
    const sheets = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.css'),
    );
    expect(sheets.length).toBeGreaterThan(20);
    const missing = sheets.flatMap((sheet) =>
      usedStyles(readFileSync(`${root}/src/${sheet}`, 'utf8')).flatMap(([kind, name]) => {
        const feature = compat.css[kind][name];
        // The build writes the prefixes.
        const browsers = feature && !OPTIONAL_STYLES.includes(name) ? lacking(feature, { prefixed: true }) : [];
        return browsers.length > 0 ? [`${name} (${sheet}) is not in ${browsers.join(', ')}`] : [];
      }),
    );
    expect(missing).toEqual([]);
  });

  it('is written down', () => {
    for (const version of Object.values(BASELINE)) expect(browsersPage).toContain(version);
  });
});

describe('the compatibility data', () => {
  it.each([
    ['ReadableStream.@@asyncIterator', ['chrome', 'safari', 'safari_ios']],
    ['Navigator.userAgentData', ['firefox', 'safari', 'safari_ios']],
    ['LockManager.request', []],
    ['ReadonlyArray.findLast', []],
    ['Int16ArrayConstructor.from', []],
  ])('knows who lacks %s', (name, browsers) => {
    expect(missingOf(name)).toEqual(browsers);
  });

  it('reads what a style sheet uses', () => {
    const css = '@media (width > 1px) { .a:has(b) { color: red; field-sizing: content; } } .b::selection { top: 0 }';
    expect(usedStyles(css)).toEqual([
      ['properties', 'color'],
      ['properties', 'field-sizing'],
      ['properties', 'top'],
      ['at-rules', 'media'],
      ['selectors', 'has'],
      ['selectors', 'selection'],
    ]);
  });
});
