/**
 * The web APIs and CSS that the page and the worker use, held against what browsers have: TypeScript says which interface
 * a name belongs to, MDN's browser-compat-data which browser has it since when.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isForOfStatement, isIdentifier, type Node } from 'typescript/unstable/ast';
import { API, type Symbol as TypeSymbol } from 'typescript/unstable/sync';

/** The oldest browsers that the page is made for; docs/browsers.md says so too. */
export const BASELINE = { chrome: '120', firefox: '140', safari: '18.4', safari_ios: '18.4' } as const;
type Browser = keyof typeof BASELINE;

/** A feature's entry in browser-compat-data, as far as it is read here. */
interface Support {
  version_added: string | false | null;
  version_removed?: string;
  flags?: unknown;
  prefix?: string;
  alternative_name?: string;
}
interface Feature {
  __compat?: { support: Partial<Record<Browser, Support | Support[]>> };
  [name: string]: unknown;
}
interface Compat {
  api: Record<string, Feature>;
  javascript: { builtins: Record<string, Feature> };
  css: Record<'properties' | 'at-rules' | 'selectors', Record<string, Feature>>;
}

export const compat: Compat = JSON.parse(
  readFileSync(new URL('../node_modules/@mdn/browser-compat-data/data.json', import.meta.url), 'utf8'),
);

/**
 * The browsers of the baseline that lack a feature, or have it under a flag or another name only.
 * @param prefixed whether a name with the engine's prefix will do
 */
export function lacking({ __compat }: Feature, { prefixed = false } = {}): Browser[] {
  const browsers = Object.entries(BASELINE) as [Browser, string][];
  return browsers
    .filter(
      ([browser, oldest]) => ![__compat?.support[browser]].flat().some((support) => has(support, oldest, prefixed)),
    )
    .map(([browser]) => browser);
}

function has(support: Support | undefined, oldest: string, prefixed: boolean): boolean {
  if (!support || support.flags || (support.prefix && !prefixed) || support.alternative_name) return false;
  const { version_added: added, version_removed: removed } = support;
  return typeof added === 'string' && !isNewer(added, oldest) && (!removed || isNewer(removed, oldest));
}

/** "≤37" counts as 37, "preview" as newer than all. */
function isNewer(version: string, than: string): boolean {
  if (version === 'preview') return true;
  return version.replace('≤', '').localeCompare(than, 'en', { numeric: true }) > 0;
}

/** The entries of browser-compat-data for what TypeScript calls "Interface.member", or for a global by its name. */
export function featuresOf(name: string): Feature[] {
  const [first, member] = name.split('.');
  const { api, javascript } = compat;
  if (member === undefined) return [api[first], javascript.builtins[first]].filter(isFeature);
  const owner = first.replace(/Constructor$/, '').replace(/^Readonly(?=Array|Map|Set)/, '');
  const owners = [api[owner], javascript.builtins[owner]];
  if (/\d+(Clamped)?Array$/.test(owner)) owners.push(javascript.builtins.TypedArray);
  const own = owners.map((one) => memberOf(one, member)).filter(isFeature);
  // TypeScript has mixins, which browser-compat-data lists with every interface that takes them.
  return own.length > 0
    ? own
    : Object.values(api)
        .map((one) => memberOf(one, member))
        .filter(isFeature);
}

const memberOf = (owner: Feature | undefined, name: string) =>
  (owner?.[name] ?? owner?.[`${name}_static`] ?? owner?.[`${name}_event`]) as Feature | undefined;

const isFeature = (feature: Feature | undefined): feature is Feature => feature?.__compat !== undefined;

/**
 * What the given files use of the browser: "Interface.member", "Global" or, where something is iterated by `for await`,
 * "Interface.@@asyncIterator", each with the first file that does.
 * @param wanted whether a file, by its path from the project's folder, is looked at
 */
export function usedApis(root: string, wanted: (path: string) => boolean): Map<string, string> {
  const api = new API({ cwd: root });
  try {
    const [{ program, checker }] = api.updateSnapshot({ openProjects: [resolve(root, 'tsconfig.json')] }).getProjects();
    const used = new Map<string, string>();
    for (const file of program.getSourceFileNames()) {
      const path = file.slice(resolve(root).length + 1);
      if (!wanted(path)) continue;
      const names: Node[] = [];
      const iterated: Node[] = [];
      const visit = (node: Node): void => {
        if (isIdentifier(node)) names.push(node);
        if (isForOfStatement(node) && node.awaitModifier) iterated.push(node.expression);
        node.forEachChild((child) => void visit(child));
      };
      visit(program.getSourceFile(file)!);
      const found = [
        ...checker.getSymbolAtLocation(names).map((symbol) => symbol && browserName(symbol)),
        ...checker.getTypeAtLocation(iterated).map((type) => `${type?.getSymbol()?.name}.@@asyncIterator`),
      ];
      for (const name of found) if (name && !used.has(name)) used.set(name, path);
    }
    return used;
  } finally {
    api.close();
  }
}

/** Undefined for what TypeScript's own libraries do not declare. */
function browserName(symbol: TypeSymbol): string | undefined {
  if (!/\/lib\.[\w.]+\.d\.ts$/.test(symbol.declarations[0]?.path ?? '')) return undefined;
  const parent = symbol.getParent()?.name;
  return parent === undefined ? symbol.name : `${parent}.${symbol.name}`;
}

/** The properties, at-rules and pseudo-classes of a style sheet, as browser-compat-data files them. */
export function usedStyles(css: string): [kind: keyof Compat['css'], name: string][] {
  const text = css.replace(/\/\*.*?\*\/|"[^"]*"|'[^']*'/gs, '');
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name);
  return [
    ...all(/[{;]\s*([a-z][a-z-]*)\s*:(?!:)[^{}]*?(?=[;}])/g).map(
      (name) => ['properties', name] as ['properties', string],
    ),
    ...all(/@([a-z-]+)/g).map((name) => ['at-rules', name] as ['at-rules', string]),
    ...all(/::?([a-z][a-z-]*)(?=[^;{}]*\{)/g).map((name) => ['selectors', name] as ['selectors', string]),
  ];
}
