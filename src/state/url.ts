/**
 * What a link carries: one table, a row for each shareable property, drives both reading and writing. Defaults are left
 * out; a part that cannot be read becomes a sentence for the visitor and the default is used.
 */
import * as v from 'valibot';
import { type BackendName, MAX_VARIANTS } from '../../workers/contract.ts';
import { decodeDrawing, encodeDrawing } from '../canvas/drawingCode.ts';
import { ANY } from '../complete/starts.ts';

export const WORKSPACES = ['complete', 'train', 'probe', 'about'] as const;
export type Workspace = (typeof WORKSPACES)[number];

/** The drawing alone: a picture underneath stays on the visitor's device. */
export interface SharedDrawing {
  side: number;
  tokens: Int16Array;
  original?: undefined;
}

export interface Shared {
  /** A shipped model's id; empty for the one that the page opens by itself. */
  model: string;
  drawing: SharedDrawing | null;
  seed: number;
  temperature: number;
  topK: number;
  topP: number;
  variants: number;
  lookAhead: boolean;
  /** A name, or a choice of complete/starts.ts. */
  class: string;
  backend: 'auto' | BackendName;
  /** Megabytes that the page may hold; 0 for what suits the device. */
  memory: number;
}

export interface Link {
  workspace: Workspace;
  /** Only what the link names and what could be read. */
  state: Partial<Shared>;
  /** Plain sentences, one for each part that could not be read. */
  problems: string[];
}

interface Row<T> {
  key: string;
  /** How a sentence names the property. */
  label: string;
  initial: T;
  /** How a sentence names what is used instead of a value that cannot be read. */
  instead: string;
  read: v.GenericSchema<string, T>;
  write: (value: T) => string;
}

const decimal = v.pipe(v.string(), v.regex(/^[\d.eE+-]+$/), v.transform(Number), v.number());
const within = (min: number, max: number) => v.pipe(decimal, v.minValue(min), v.maxValue(max));
const whole = (min: number, max: number) => v.pipe(within(min, max), v.integer());

const drawingCode = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): SharedDrawing | null => {
    const decoded = decodeDrawing(dataset.value);
    if (decoded) return decoded;
    addIssue();
    return NEVER;
  }),
);

const ROWS: { [Name in keyof Shared]: Row<Shared[Name]> } = {
  model: {
    key: 'm',
    label: 'model',
    initial: '',
    instead: 'the usual model',
    read: v.pipe(v.string(), v.regex(/^\w[\w.-]{0,63}$/)),
    write: String,
  },
  drawing: {
    key: 'd',
    label: 'drawing',
    initial: null,
    instead: 'an example',
    read: drawingCode,
    write: (drawing) => (drawing ? encodeDrawing(drawing) : ''),
  },
  seed: { key: 'seed', label: 'seed', initial: 1, instead: '1', read: whole(0, 0xffffffff), write: String },
  temperature: { key: 't', label: 'temperature', initial: 1, instead: '1', read: within(0, 10), write: String },
  topK: { key: 'k', label: 'top-k', initial: 0, instead: 'all colours', read: whole(0, 0x7fff), write: String },
  topP: { key: 'p', label: 'top-p', initial: 1, instead: '1', read: within(0, 1), write: String },
  variants: {
    key: 'n',
    label: 'number of variants',
    initial: 8,
    instead: '8',
    read: whole(1, MAX_VARIANTS),
    write: String,
  },
  lookAhead: {
    key: 'look',
    label: 'look-ahead',
    initial: false,
    instead: 'off',
    read: v.pipe(
      v.string(),
      v.picklist(['0', '1']),
      v.transform((flag) => flag === '1'),
    ),
    write: (on) => (on ? '1' : '0'),
  },
  class: {
    key: 'class',
    label: 'class',
    initial: ANY,
    instead: 'none',
    read: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    write: String,
  },
  backend: {
    key: 'backend',
    label: 'backend',
    initial: 'auto',
    instead: 'the fastest one',
    read: v.pipe(v.string(), v.picklist(['auto', 'webgpu', 'wasm', 'webgl', 'cpu'])),
    write: String,
  },
  memory: {
    key: 'memory',
    label: 'memory limit',
    initial: 0,
    instead: 'what suits this device',
    read: whole(1, 1e6),
    write: String,
  },
};

const NAMES = Object.keys(ROWS) as (keyof Shared)[];

export const SHARED_DEFAULTS: Shared = Object.freeze({
  model: ROWS.model.initial,
  drawing: ROWS.drawing.initial,
  seed: ROWS.seed.initial,
  temperature: ROWS.temperature.initial,
  topK: ROWS.topK.initial,
  topP: ROWS.topP.initial,
  variants: ROWS.variants.initial,
  lookAhead: ROWS.lookAhead.initial,
  class: ROWS.class.initial,
  backend: ROWS.backend.initial,
  memory: ROWS.memory.initial,
});

function readPart<Name extends keyof Shared>(name: Name, parts: URLSearchParams, link: Link): void {
  const { key, read, label, instead } = ROWS[name];
  const text = parts.get(key);
  if (text === null) return;
  const result = v.safeParse(read, text);
  if (result.success) link.state[name] = result.output as Shared[Name];
  else link.problems.push(`The ${label} in this link could not be read; ${instead} is used instead.`);
}

/** Reads location.hash. Never throws. */
export function readLink(hash: string): Link {
  const [place, query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
  const workspace = WORKSPACES.find((known) => known === place);
  const link: Link = { workspace: workspace ?? 'complete', state: {}, problems: [] };
  if (!workspace && place !== '') link.problems.push('This link names no part of this page; Complete is shown.');

  const parts = new URLSearchParams(query);
  for (const name of NAMES) readPart(name, parts, link);
  const keys = new Set(NAMES.map((name) => ROWS[name].key));
  if ([...parts.keys()].some((key) => !keys.has(key))) {
    link.problems.push('This link has a part that this page does not know; it is ignored.');
  }
  return link;
}

function writePart<Name extends keyof Shared>(name: Name, shared: Shared, parts: URLSearchParams): void {
  const { key, initial, write } = ROWS[name];
  if (shared[name] !== initial) parts.set(key, write(shared[name]));
}

/** The hash of a link, "#" included. */
export function writeLink(workspace: Workspace, shared: Shared): string {
  const parts = new URLSearchParams();
  for (const name of NAMES) writePart(name, shared, parts);
  return parts.size === 0 ? `#${workspace}` : `#${workspace}?${parts}`;
}
