import { describe, expect, test } from 'vitest';
import { CIFAR10_RECORD } from './cifar10.ts';
import { makeExamples, readExamplesModel, WITHOUT_CIFAR } from './examples.ts';

/** Black, grey, white and red; 2 × 2 pixels. */
const model = readExamplesModel(
  JSON.stringify({
    clusters: [
      [-1, -1, -1],
      [0, 0, 0],
      [1, 1, 1],
      [1, -1, -1],
    ],
    size: { height: 2, width: 2 },
  }),
);

const sampling = { temperature: 0.9, topK: 0, topP: 1, seed: 7 };
const drawing = {
  name: 'flag',
  tokens: [0, 1, 2, 3],
  given: [1, 0, 0, 1] as unknown,
  completions: [{ sampled: [3, 0], bits: 1.5 }],
  originalBits: 2.5,
};

function describeExamples(...pictures: object[]): string {
  return JSON.stringify({ model: 'made-up', sampling, pictures });
}

test('a completion is the given pixels with the sampled ones between them', () => {
  expect(makeExamples(model, describeExamples(drawing), null)).toEqual({
    model: 'made-up',
    side: 2,
    palette: [0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 0, 0],
    sampling,
    pictures: [
      {
        name: 'flag',
        credit: 'Drawn for this page',
        tokens: [0, 1, 2, 3],
        drawing: [0, -1, -1, 3],
        completions: [{ tokens: [0, 3, 0, 3], bits: 1.5 }],
        originalBits: 2.5,
      },
    ],
  });
});

test.each([
  ['top half', [0, 1, -1, -1]],
  ['bottom half', [-1, -1, 2, 3]],
  ['left half', [0, -1, 2, -1]],
  ['right half', [-1, 1, -1, 3]],
])('the %s can be given', (given, expected) => {
  const made = makeExamples(model, describeExamples({ ...drawing, given }), null);
  expect(made.pictures[0].drawing).toEqual(expected);
});

describe('a CIFAR-10 picture', () => {
  const { tokens: _, ...rest } = drawing;
  const description = describeExamples({ ...rest, name: 'cat', cifar10Test: 1 }, drawing);

  test('is cut out of the test file, reduced and tokenised', () => {
    const batch = new Uint8Array(2 * CIFAR10_RECORD);
    const second = batch.subarray(CIFAR10_RECORD + 1);
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        const at = y * 32 + x;
        if (x >= 16) second.fill(255, at, at + 1); // right: red …
        if (x >= 16 && y >= 16) for (const plane of [1, 2]) second[plane * 1024 + at] = 255; // … and white below
        if (x < 16 && y >= 16) for (const plane of [0, 1, 2]) second[plane * 1024 + at] = x % 2 ? 255 : 0; // grey stripes
      }
    }
    const [cat] = makeExamples(model, description, batch).pictures;
    expect(cat.credit).toBe('CIFAR-10 test picture 1, Krizhevsky 2009');
    expect(cat.tokens).toEqual([0, 3, 1, 2]);
  });

  test('is left out when the test file is not there, and a note says so', () => {
    const made = makeExamples(model, description, null);
    expect(made.pictures.map(({ name }) => name)).toEqual(['flag']);
    expect(made.note).toBe(WITHOUT_CIFAR);
  });
});

test.each([
  [{ completions: [{ sampled: [3], bits: 1 }] }, 'The example "flag" lacks 2 pixels, but a completion has 1.'],
  [{ tokens: [0, 1, 2, 4] }, 'The example "flag" has a colour that is not among the model\'s 4.'],
  [{ tokens: [0, 1] }, 'The example "flag" has 2 pixels, but the model 4.'],
  [{ given: [1, 0] }, 'The example "flag" says of 2 pixels whether they are given.'],
  [{ name: 3 }, 'The description of the examples is wrong at "pictures.0.name":'],
])('a description that does not fit the model is refused: %j', (change, message) => {
  expect(() => makeExamples(model, describeExamples({ ...drawing, ...change }), null)).toThrow(message);
});
