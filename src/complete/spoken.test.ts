import { beforeAll, beforeEach, expect, test } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { announcements } from '../state/announcements.ts';
import { completion, type Run } from '../state/completion.ts';
import { inspection } from '../state/inspection.ts';
import { speakOfCompletions, speakOfPixels } from './spoken.ts';
import { bareVariant } from './variant.ts';

const GIVEN = Int16Array.of(1, UNKNOWN, UNKNOWN, UNKNOWN);
const run = (id: number, tokens: number[], status: Run['status'] = 'running'): Run => ({
  id,
  origin: 'here',
  model: null,
  status,
  side: 2,
  palette: Uint8Array.of(0, 0, 0, 255, 255, 255),
  name: 'Test',
  starts: undefined,
  given: GIVEN,
  variants: [bareVariant(Int16Array.from(tokens))],
  asked: 1,
  original: null,
  done: 0,
  startedAt: 0,
  rate: null,
  result: null,
});

/** Everything that is announced, in its order. */
let said: string[] = [];

beforeAll(() => {
  speakOfCompletions();
  speakOfPixels();
  announcements.subscribe(({ text }) => said.push(text));
});
beforeEach(() => {
  inspection.setState({ selected: { which: 0, pixel: null }, hovered: null });
  completion.setState({ run: null });
  said = [];
});

test('a completion that passes through the pixel shown says nothing of it', () => {
  completion.setState({ run: run(1, [1, UNKNOWN, UNKNOWN, UNKNOWN]) });
  expect(inspection.getState().selected.pixel).toBe(1);
  completion.setState({ run: run(1, [1, 0, 1, 1]) });
  completion.setState({ run: run(1, [1, 0, 1, 1], 'done') });
  expect(said).toEqual(['Making 1 completion.']);
});

test('a pixel that the user moves to is said once, as it is then', () => {
  completion.setState({ run: run(2, [1, UNKNOWN, UNKNOWN, UNKNOWN]) });
  const { select, hover } = inspection.getState();
  select({ which: 0, pixel: 2 });
  completion.setState({ run: run(2, [1, 0, 1, 1]) });
  select({ which: 0, pixel: 3 });
  hover({ which: 0, pixel: 0 });
  hover(null);
  select({ which: 0, pixel: null });
  select({ which: 0, pixel: 9 });
  expect(said).toEqual([
    'Making 1 completion.',
    'Row 2, column 1: not chosen yet.',
    'Row 2, column 2: white, #ffffff.',
    'Row 1, column 1: white, #ffffff, given.',
  ]);
});
