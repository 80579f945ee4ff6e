/**
 * What a person does on the page, written once for all engines: things are found by what they are and what they are called,
 * and are used when they can be. Testing Library, which is put into the page, finds them alike everywhere.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@playwright/test';
import { type Cell, type Colours, readColours } from '../complete-page.ts';
import type { Key, Point, Tab } from '../engines/driver.ts';

declare const TestingLibraryDom: typeof import('@testing-library/dom');

const LIBRARY = readFileSync(
  createRequire(import.meta.url).resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'),
  'utf8',
);

/** How long something may take that takes no work, in milliseconds; Firefox shows no frame while lavapipe compiles. */
const SOON = 60_000;
const INTERVALS = [20, 50, 100, 200];

type Words = string | RegExp;

/** One step of the way to an element, each inside the one before. */
type Step = { role: string; name?: Words } | { text: Words } | { label: string } | { css: string };

export class Visit {
  /** @param home the address that paths start from */
  constructor(
    readonly tab: Tab,
    readonly home: string,
  ) {}

  /** Opens a path of the page, e.g. "#train". */
  async goto(path: string): Promise<void> {
    await this.tab.goto(new URL(path, this.home).href);
  }

  /** What has this role, and this name where one is given. */
  find(role: string, name?: Words): Part {
    return new Part(this.tab, [{ role, name }]);
  }

  /** What has these words and nothing else in it. */
  words(text: Words): Part {
    return new Part(this.tab, [{ text }]);
  }

  /** An input by its label, seen or not. */
  input(label: string): Part {
    return new Part(this.tab, [{ label }]);
  }

  /** The address as it stands in the browser's bar. */
  address(): Promise<string> {
    return this.tab.call('() => location.href', '');
  }

  /** Waits until the service worker has the whole page. */
  async whenKept(): Promise<void> {
    await this.tab.call('async () => { await navigator.serviceWorker.ready; return ""; }', '');
  }

  press(key: Key): Promise<void> {
    return this.tab.press(key);
  }
}

/** An element, or several, which need not be there yet. */
export class Part {
  constructor(
    private readonly tab: Tab,
    private readonly path: readonly Step[],
  ) {}

  find(role: string, name?: Words): Part {
    return this.#inside({ role, name });
  }

  words(text: Words): Part {
    return this.#inside({ text });
  }

  input(label: string): Part {
    return this.#inside({ label });
  }

  css(selector: string): Part {
    return this.#inside({ css: selector });
  }

  count(): Promise<number> {
    return this.#all((found) => found.length);
  }

  /** Waits until there is one, and one only. */
  async appears(within = SOON): Promise<void> {
    await expect.poll(() => this.count(), { message: this.#called(), timeout: within, intervals: INTERVALS }).toBe(1);
  }

  async vanishes(within = SOON): Promise<void> {
    await expect.poll(() => this.count(), { message: this.#called(), timeout: within, intervals: INTERVALS }).toBe(0);
  }

  /** Waits until its text is such. */
  async says(words: Words, within = SOON): Promise<void> {
    const poll = expect.poll(() => this.read(), { message: this.#called(), timeout: within, intervals: INTERVALS });
    await (typeof words === 'string' ? poll.toContain(words) : poll.toMatch(words));
  }

  /** Its text as it is seen; empty where there is none. */
  read(): Promise<string> {
    return this.#all(([element]) => element?.innerText ?? '');
  }

  /** The texts of all of them. */
  readAll(): Promise<string[]> {
    return this.#all((found) => found.map((element) => element.innerText));
  }

  attribute(name: string): Promise<string | null> {
    return this.run((element, name) => element.getAttribute(name), name);
  }

  async click(): Promise<void> {
    await this.tab.mouse([await this.#middle()], 'pressed');
  }

  /** Writes a text in place of what a field has, and leaves the field. */
  async fill(text: string | number): Promise<void> {
    await this.click();
    await this.run((element) => (element as HTMLInputElement).select());
    await this.tab.type(String(text));
    await this.tab.press('Tab');
  }

  /** Chooses an option of a select by its value. */
  async choose(value: string): Promise<void> {
    await this.appears();
    await this.run((element, value) => {
      const select = element as HTMLSelectElement;
      select.value = value;
      for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true }));
    }, value);
  }

  async setFiles(...paths: string[]): Promise<void> {
    await this.appears();
    await this.tab.setFiles(
      source(([element]) => element, 'as it is'),
      this.#argument([]),
      paths,
    );
  }

  /** The colours that a picture shows. */
  colours(): Promise<Colours> {
    return this.css('canvas').run(readColours);
  }

  /** Draws from cell to cell of a picture in one stroke. */
  async stroke(side: number, ...cells: Cell[]): Promise<void> {
    await this.#middle();
    const { x, y, width, height } = await this.css('canvas').run((canvas) => canvas.getBoundingClientRect().toJSON());
    await this.tab.mouse(
      cells.map((cell) => ({ x: x + ((cell.x + 0.5) / side) * width, y: y + ((cell.y + 0.5) / side) * height })),
      'pressed',
    );
  }

  /**
   * Runs a function in the page on the element; its arguments and its result go through JSON.
   * @throws when there is no such element, or more than one
   */
  run<Args extends unknown[], Result>(
    run: (element: HTMLElement, ...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result> {
    return this.#call(
      `([element, ...others], ...args) => {
        if (!element || others.length > 0) throw new Error('There is not exactly one of: ' + ${JSON.stringify(this.#called())});
        return (${run})(element, ...args);
      }`,
      args,
    );
  }

  #all<Result>(run: (found: HTMLElement[]) => Result | Promise<Result>): Promise<Result> {
    return this.#call(String(run), []);
  }

  async #call<Result>(run: string, args: unknown[]): Promise<Result> {
    const call = () => this.tab.call(source(run, 'as JSON'), this.#argument(args));
    let answer = await call();
    if (answer === '') {
      await this.tab.call(`() => { ${LIBRARY}; return ''; }`, '');
      answer = await call();
    }
    return JSON.parse(answer);
  }

  #inside(step: Step): Part {
    return new Part(this.tab, [...this.path, step]);
  }

  /** The path and more for the page, patterns in a form that goes through JSON. */
  #argument(args: unknown[]): string {
    return JSON.stringify({ path: this.path, args }, (_, value) =>
      value instanceof RegExp ? { source: value.source, flags: value.flags } : value,
    );
  }

  /** For messages. */
  #called(): string {
    return this.path
      .map((step) =>
        Object.values(step)
          .filter((value) => value !== undefined)
          .join(' '),
      )
      .join(' › ');
  }

  /** Its middle in the window, as soon as a click there would reach it. */
  async #middle(): Promise<Point> {
    let middle: Point | null = null;
    await expect(async () => {
      const place = await this.#all(whereToClick);
      if (typeof place === 'string') throw new Error(`${this.#called()}: ${place}`);
      middle = place;
    }).toPass({ timeout: SOON, intervals: INTERVALS });
    return middle!;
  }
}

/**
 * The source of a function of a string for `Tab.call`: "" where the library has not been brought yet.
 * @param run source of a function of all elements that are found
 */
function source(run: string | ((found: HTMLElement[]) => unknown), result: 'as JSON' | 'as it is'): string {
  return `async (argument) => {
    if (!globalThis.TestingLibraryDom) return '';
    const { path, args } = JSON.parse(argument);
    const result = await (${run})((${lookUp})(path), ...args);
    return ${result === 'as JSON' ? 'JSON.stringify(result ?? null)' : 'result'};
  }`;
}

/** In the page: what a path leads to. */
function lookUp(path: Record<string, string | { source: string; flags: string }>[]): HTMLElement[] {
  const { queryAllByRole, queryAllByText, queryAllByLabelText } = TestingLibraryDom;
  const pattern = (words: string | { source: string; flags: string }) =>
    typeof words === 'string' ? words : new RegExp(words.source, words.flags);
  const inside = (root: HTMLElement, { role, name, text, label, css }: (typeof path)[number]): HTMLElement[] => {
    if (role !== undefined)
      return queryAllByRole(root, role as string, name === undefined ? {} : { name: pattern(name) });
    if (text !== undefined) return queryAllByText(root, pattern(text));
    if (label !== undefined) return queryAllByLabelText(root, pattern(label));
    return [...root.querySelectorAll<HTMLElement>(css as string)];
  };
  let found = [document.body];
  for (const step of path) found = [...new Set(found.flatMap((root) => inside(root, step)))];
  return found;
}

/** In the page: where to click on the only element, or why it cannot be clicked yet. */
async function whereToClick(found: HTMLElement[]): Promise<Point | string> {
  if (found.length !== 1) return `${found.length} of them are here`;
  const [element] = found;
  if (element.matches(':disabled, [aria-disabled=true]')) return 'is disabled';
  const before = element.getBoundingClientRect();
  if (before.top < 0 || before.bottom > innerHeight || before.left < 0 || before.right > innerWidth)
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const box = element.getBoundingClientRect();
  await frame();
  await frame();
  const later = element.getBoundingClientRect();
  if (box.x !== later.x || box.y !== later.y) return 'moves';
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const hit = document.elementFromPoint(point.x, point.y);
  return hit && (element.contains(hit) || hit.closest('label')?.contains(element))
    ? point
    : `is covered by ${hit?.outerHTML.slice(0, 80)}`;
}
