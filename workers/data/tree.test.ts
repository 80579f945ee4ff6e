/** Which part and which class folders give to their pictures. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsOf } from '../../tools/arbitraries.ts';
import { partInName, readTree } from './tree.ts';

/** Folders by their paths; "pets.zip:train/cat" lies in an archive. */
const read = (...paths: string[]) =>
  readTree(
    paths.map((path) => {
      const [inside, ...archives] = path.split(':').reverse();
      return {
        above: archives.reverse().map((name) => name.replace('.zip', '')),
        folders: inside.split('/').filter((step) => step !== ''),
      };
    }),
  ).map(({ part, className }) => `${part} ${className ?? '-'}`);

describe('the part of a folder', () => {
  it.each([
    [['train/cat', 'test/cat', 'val/dog'], 'train test test'],
    [['training_set/training_set/cats', 'test_set/test_set/dogs'], 'train test'],
    [['seg_train/seg_train/a', 'seg_test/seg_test/b'], 'train test'],
    [['p/train/a', 'p/test1'], 'train test'],
    [['p/train2017', 'p/val2017'], 'train test'],
    [['p/TrainImages/a', 'p/TestImages/b'], 'train test'],
    [['GTSRB/Final_Training/Images/0', 'GTSRB/Final_Test/Images'], 'train test'],
    [['evaluation/a', 'training/a', 'validation/a'], 'test train test'],
    [['dev/a', 'train/a'], 'test train'],
    [['dev/pets/a', 'dev/pets/b'], 'train train'],
    [['test_tube', 'beaker'], 'train train'],
    [['valid', 'invalid'], 'train train'],
    [['valid/a', 'train/a'], 'test train'],
    [['train', 'bus', 'car'], 'train train train'],
    [['train/train/cat', 'train/test/cat'], 'train test'],
    [['train/train', 'train/dev', 'train/cat', 'test/cat'], 'train train train test'],
    [['test_data/train/a', 'test_data/test/a', 'test_data/validation/a'], 'train test test'],
    [['test.zip:train/a', 'test.zip:test/a'], 'train test'],
    [['test.zip:a', 'test.zip:b'], 'test test'],
    [['a.zip:train.zip:cat', 'a.zip:test.zip:cat'], 'train test'],
    [['pets_train.zip:cat', 'pets_test.zip:cat'], 'train test'],
  ])('%j is %s', (paths, parts) => {
    expect(
      read(...paths)
        .map((one) => one.split(' ')[0])
        .join(' '),
    ).toBe(parts);
  });
});

describe('the class of a folder', () => {
  it.each([
    [
      ['train/n01/images', 'train/n02/images', 'val/images'],
      ['n01', 'n02', '-'],
    ],
    [
      ['c/train/bus', 'c/train/train', 'c/test/train', 'c/test/bus'],
      ['bus', 'train', 'train', 'bus'],
    ],
    [
      ['train', 'bus', 'car'],
      ['train', 'bus', 'car'],
    ],
    [
      ['o/Greek/character01', 'o/Latin/character01', 'o/Latin/character02'],
      ['Greek/character01', 'Latin/character01', 'character02'],
    ],
    [
      ['animals/cat', 'animals/dog', 'vehicles/car'],
      ['cat', 'dog', 'car'],
    ],
    [
      ['cats/good', 'dogs/good'],
      ['cats', 'dogs'],
    ],
    [
      ['pets', 'pets/x', 'pets/y'],
      ['-', 'x', 'y'],
    ],
    [
      ['pets/images', 'pets/masks'],
      ['images', 'masks'],
    ],
    [
      ['p.zip:', 'p.zip:x', 'p.zip:y'],
      ['-', 'x', 'y'],
    ],
    [
      ['a.zip:cat.zip:', 'a.zip:dog.zip:'],
      ['cat', 'dog'],
    ],
    [
      ['one.zip:one/cat', 'one.zip:one/dog', 'two.zip:two/cat', 'two.zip:two/dog'],
      ['cat', 'dog', 'cat', 'dog'],
    ],
    [
      ['trainA', 'trainB', 'testA', 'testB'],
      ['A', 'B', 'A', 'B'],
    ],
    [['only/one'], ['-']],
    [[''], ['-']],
  ])('%j is %j', (paths, classes) => {
    expect(read(...paths).map((one) => one.split(' ')[1])).toEqual(classes);
  });
});

it.each([
  ['test_batch.bin', 'test'],
  ['data_batch_1', 'train'],
  ['t10k-images-idx3-ubyte', 'test'],
  ['train-00000-of-00001.parquet', 'train'],
  ['x_test.npy', 'test'],
  ['validation-00000-of-00001.parquet', 'test'],
  ['contest.bin', undefined],
  ['cifar10.1_v6_data.npy', undefined],
])('the name %s says %s', (name, part) => {
  expect(partInName(name)).toBe(part);
});

/** Words of no class of the trees below, written as people write them. */
const splitPair = fc
  .tuple(
    fc.constantFrom(
      ['train', 'test'],
      ['training', 'testing'],
      ['train', 'val'],
      ['Train', 'Valid'],
      ['train', 'evaluation'],
      ['train', 'dev'],
    ),
    fc.constantFrom(
      (word: string) => word,
      (word: string) => `${word}_set`,
      (word: string) => `${word}1`,
      (word: string) => `seg_${word}`,
      (word: string) => `my-${word}-images`,
      (word: string) => word.toUpperCase(),
    ),
  )
  .map(([words, written]) => words.map(written));
const classNames = fc
  .uniqueArray(
    fc.oneof(
      fc.stringMatching(/^[a-z]{1,3}[0-9]{1,2}$/),
      fc.constantFrom(
        'cat',
        'dog',
        'train',
        'Möwe',
        'кот',
        'polar bear',
        'n01443537',
        '7',
        'invalid',
        'contest',
        'images',
      ),
    ),
    { minLength: 2, maxLength: 6, selector: (name) => name.toLowerCase() },
  )
  .filter((names) => names.some((name) => name !== 'train'));

it('any tree of splits and classes is read as it was built', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('data', 'pets', 'v1', 'test', 'archive'), { maxLength: 2 }),
      splitPair,
      classNames,
      fc.boolean(),
      fc.option(fc.constantFrom('images', 'img', 'JPEGImages'), { nil: undefined }),
      (around, splits, classes, repeated, container) => {
        const built = splits.flatMap((split, part) =>
          classes.map((name) => ({
            folders: [...around, ...(repeated ? [split, split] : [split]), name, ...(container ? [container] : [])],
            part: part === 0 ? 'train' : 'test',
            className: name,
          })),
        );
        const found = readTree(built.map(({ folders }) => ({ above: [], folders })));
        expect(found.map(({ part, className }) => ({ part, className }))).toEqual(
          built.map(({ part, className }) => ({ part, className })),
        );
      },
    ),
    { numRuns: runsOf(300) },
  );
});

it('the order of folders is nothing, and folders of one path have one class', () => {
  const step = fc.constantFrom('a', 'b', 'cat', 'train', 'test', 'images', 'val_set');
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 4 }), { minLength: 1, maxLength: 12 }), (paths) => {
      const tree = paths.map((folders) => ({ above: [], folders }));
      const found = readTree(tree);
      expect(readTree(tree.toReversed()).reverse()).toEqual(found);
      paths.forEach((path, i) => {
        const same = paths.findIndex((other) => String(other) === String(path));
        expect(found[i]).toEqual(found[same]);
      });
    }),
    { numRuns: runsOf(300) },
  );
});
