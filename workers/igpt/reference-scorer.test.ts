/** Scores in plain tfjs ops against golden results. */
import { beforeAll, expect, it } from 'vitest';
import { goldenFolders, readGolden } from './golden.ts';
import { ImageGPT } from './reference.ts';
import { ReferenceScorer } from './reference-scorer.ts';
import { expectAsReference, expectGolden, expectRefusals, type Make } from './scorer-cases.ts';
import { useWasm } from './testing.ts';

beforeAll(useWasm);

const make: Make = async (config, weights, batch) => new ReferenceScorer(new ImageGPT(config, weights), batch);

it.each(goldenFolders)('gives the golden nats within 1e-4: %s', (_, folder) => expectGolden(make, folder));

it('takes batches of any size up to its own', () => expectAsReference(make));

it('refuses batches that are none', () => expectRefusals(make));

it('has golden results of pictures that begin with their class', () =>
  expect(goldenFolders.filter(([, folder]) => readGolden(folder).golden.starts)).toHaveLength(1));

it('has golden results to be held against', () => expect(goldenFolders.length).toBeGreaterThan(3));
