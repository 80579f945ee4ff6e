/** The commands as a person types them: what they print, and how they fail. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BadInput } from '../workers/errors.ts';
import * as complete from './complete.ts';
import * as probe from './probe.ts';
import * as score from './score.ts';

const SIDE = 8;
const model = fileURLToPath(new URL('../workers/igpt/fixtures/f16-2x32x4', import.meta.url));

let folder: string;
let images: string;
let golden: { rgb: number[][]; tokens: number[][]; nats_per_pixel: number[] };

beforeAll(async () => {
  golden = JSON.parse(await readFile(join(model, 'golden.json'), 'utf8'));
  folder = await mkdtemp(join(tmpdir(), 'igpt-'));
  images = join(folder, 'images.bin');
  await writeFile(images, Buffer.concat(golden.rgb.map(cifarRecord)));
});

afterAll(() => rm(folder, { recursive: true }));

/** A picture of 8 × 8 pixels as a record of a CIFAR-10 file, each pixel as 4 × 4: a label, then the three planes. */
function cifarRecord(rgb: number[]): Buffer {
  const record = Buffer.alloc(1 + 3 * 32 * 32);
  for (let at = 0; at < 3 * 32 * 32; at++) {
    const [channel, y, x] = [at >> 10, (at >> 5) & 31, at & 31];
    record[1 + at] = rgb[3 * ((y >> 2) * SIDE + (x >> 2)) + channel];
  }
  return record;
}

/** Pictures of CIFAR-10's ten classes in turn, each of one grey that tells the class. */
function classesInGrey(count: number): Buffer {
  const records = Buffer.alloc(count * 3073);
  for (let i = 0; i < count; i++) {
    records.fill(20 + 22 * (i % 10), i * 3073, (i + 1) * 3073);
    records[i * 3073] = i % 10;
  }
  return records;
}

interface Outcome {
  code: number;
  out: string;
  /** Log and error. */
  err: string;
}

function igpt(...args: string[]): Promise<Outcome> {
  const script = fileURLToPath(new URL('igpt.ts', import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', script, ...args], (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

it('--help lists every command with what it does; behind a command it tells that one alone', async () => {
  const all = await igpt('--help');
  expect(all.code).toBe(0);
  for (const name of ['train', 'score', 'complete', 'evaluate', 'probe', 'classify', 'export']) {
    expect(all.out).toContain(`igpt ${name} --`);
  }
  const one = await igpt('score', '--model', model, '--help');
  expect(one).toMatchObject({ code: 0, err: '' });
  expect(one.out).toMatch(/^ {2}igpt score --model DIR .*\n {6}nats per pixel of pictures under a model\n$/);
});

it('score prints one JSON object with the nats per pixel of each picture', async () => {
  const { code, out } = await igpt('score', '--model', model, '--images', images, '--json');
  expect(code).toBe(0);
  const { per_image, nats_per_pixel, bits_per_pixel, adapter } = JSON.parse(out);
  expect(per_image).toHaveLength(golden.nats_per_pixel.length);
  golden.nats_per_pixel.forEach((nats, i) => {
    expect(Math.abs(per_image[i] - nats)).toBeLessThan(1e-4);
  });
  expect(nats_per_pixel).toBeCloseTo(per_image.reduce((a: number, b: number) => a + b) / per_image.length, 10);
  expect(bits_per_pixel).toBeCloseTo(nats_per_pixel / Math.LN2, 10);
  expect(adapter).toMatch(/WebAssembly/);
});

it('complete keeps the first pixels, draws the rest the same for the same seed, and writes a sheet of them', async () => {
  const out = join(folder, 'sheet.png');
  const args = ['complete', '--model', model, '--images', images, '--index', '1', '--keep', '40', '--variants', '3'];
  const first = await igpt(...args, '--seed', '5', '--out', out, '--json');
  expect(first.code).toBe(0);
  const { tokens, bits_per_pixel } = JSON.parse(first.out);
  expect(tokens).toHaveLength(3);
  for (const variant of tokens) {
    expect(variant).toHaveLength(SIDE * SIDE);
    expect(variant.slice(0, 40)).toEqual(golden.tokens[1].slice(0, 40));
  }
  expect(new Set(tokens.map(String)).size).toBe(3);
  expect(bits_per_pixel).toHaveLength(3);
  const { width, height } = PNG.sync.read(await readFile(out));
  expect([width, height]).toEqual([4 * SIDE * 8 + 3 * 8, SIDE * 8]);

  const again = await igpt(...args, '--seed', '5', '--json');
  expect(JSON.parse(again.out).tokens).toEqual(tokens);
});

it('probe prints one JSON object: each layer, the best one, raw pixels and the untrained model', async () => {
  const [train, test] = [join(folder, 'train.bin'), join(folder, 'test.bin')];
  await writeFile(train, classesInGrey(60));
  await writeFile(test, classesInGrey(30));
  const args = ['probe', '--model', model, '--train', train, '--test', test, '--limit-train', '50'];
  const { code, out, err } = await igpt(...args, '--json');
  expect(code).toBe(0);
  const { layers, best, baselines, adapter } = JSON.parse(out);
  expect(layers.map((l: { layer: number }) => l.layer)).toEqual([0, 1, 2]);
  for (const { accuracy, standard_error, c } of [...layers, baselines.pixels]) {
    expect(accuracy).toBeGreaterThan(0.3);
    expect(standard_error).toBeCloseTo(Math.sqrt((accuracy * (1 - accuracy)) / 30), 10);
    expect(c).toBeGreaterThan(0);
  }
  expect(best.accuracy).toBe(Math.max(...layers.map((l: { accuracy: number }) => l.accuracy)));
  expect(baselines.untrained.layers).toHaveLength(3);
  expect(baselines.untrained.best.layer).toBeTypeOf('number');
  expect(adapter).toMatch(/WebAssembly/);
  expect(err).toContain('50 of 50 pictures have gone through the model.');
});

it('train goes on from a model and teaches it classes, classify says how many pictures it puts into the right one', async () => {
  const [data, test, out] = ['taught.bin', 'asked.bin', 'taught'].map((name) => join(folder, name));
  await writeFile(data, classesInGrey(200));
  await writeFile(test, classesInGrey(20));
  const options = ['--steps', '150', '--batch', '20', '--rate', '0.01', '--warmup', '5', '--sample-every', '0'];
  const args = ['train', '--from', model, '--classify', '--data', data, '--out', out, ...options, '--json'];
  const { code, out: lines } = await igpt(...args);
  expect(code).toBe(0);
  const rows = lines.trim().split('\n');
  expect(JSON.parse(rows[0]).class_loss).toBeCloseTo(Math.log(10), 4);
  const { best } = JSON.parse(rows.at(-1)!);
  expect(best.classes.accuracy).toBeGreaterThan(0.3);
  const judged = await igpt('classify', '--model', join(out, 'model'), '--test', test, '--json');
  expect(judged.code).toBe(0);
  expect(JSON.parse(judged.out).accuracy).toBeGreaterThan(0.3);
  const untaught = await igpt('classify', '--model', model, '--test', test);
  expect(untaught.err.trimEnd().split('\n').at(-1)).toBe('This model was not taught any classes.');
});

it('train begins pictures with their class, score tells what that gives, and complete draws a ship from nothing', async () => {
  const [data, out, png] = ['begun.bin', 'begun', 'ships.png'].map((name) => join(folder, name));
  await writeFile(data, classesInGrey(200));
  const options = ['--steps', '60', '--batch', '20', '--rate', '0.01', '--warmup', '5', '--sample-every', '60'];
  const args = ['train', '--from', model, '--classes', '--data', data, '--out', out, ...options, '--json'];
  expect((await igpt(...args)).code).toBe(0);
  const drawn = PNG.sync.read(await readFile(join(out, 'drawn-at-60.png')));
  expect(drawn.width).toBe(10 * (SIDE + 1) * 8 - 8);
  const trained = join(out, 'model');
  const config = JSON.parse(await readFile(join(trained, 'config.json'), 'utf8'));
  expect([config.n_class, config.class_names[8]]).toEqual([10, 'ship']);

  const scored = ['score', '--model', trained, '--images', data, '--count', '40', '--json'];
  const [given, without] = [await igpt(...scored), await igpt(...scored, '--without-class')].map(({ out }) =>
    JSON.parse(out),
  );
  expect([given.by_class, without.by_class]).toEqual([40, 0]);
  expect(given.nats_per_pixel).toBeLessThan(without.nats_per_pixel);
  const complete = ['complete', '--model', trained, '--variants', '2', '--temperature', '0', '--out', png];
  const ship = JSON.parse((await igpt(...complete, '--class', 'ship', '--json')).out);
  const plane = JSON.parse((await igpt(...complete, '--class', 'airplane', '--json')).out);
  expect(ship.class).toBe('ship');
  expect(ship.tokens).not.toEqual(plane.tokens);
  expect(ship.original).toBeUndefined();
  expect(PNG.sync.read(await readFile(png)).width).toBe(2 * (SIDE + 1) * 8 - 8);
  const boat = await igpt(...complete, '--class', 'boat');
  expect(boat.err.trimEnd().split('\n').at(-1)).toMatch(/^--class is one of airplane, .*, truck, not boat\.$/);
}, 120_000);

it('plain JavaScript does whatever WebAssembly does, and gives the same numbers', async () => {
  const data = join(folder, 'plain.bin');
  await writeFile(data, classesInGrey(60));
  const picture = ['--images', images, '--index', '1', '--keep', '40', '--variants', '2'];
  const steps = ['--steps', '3', '--batch', '5', '--rate', '0.01', '--warmup', '1', '--sample-every', '0'];
  const outcomes = async (backend: string): Promise<Record<string, unknown>[]> => {
    const commands = [
      ['score', '--model', model, '--images', images],
      ['complete', '--model', model, ...picture],
      ['probe', '--model', model, '--train', data, '--test', data, '--limit-train', '30'],
      ['train', '--from', model, '--data', data, ...steps, '--out', join(folder, `by-${backend}`)],
    ];
    const results: Record<string, unknown>[] = [];
    for (const command of commands) {
      const { code, out, err } = await igpt(...command, '--backend', backend, '--json');
      expect([code, err]).toEqual([0, expect.stringContaining(backend === 'cpu' ? 'plain JavaScript' : 'WebAssembly')]);
      results.push(
        ...out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
    }
    return results;
  };
  const [[score, complete, probe, ...training], [score2, complete2, probe2, ...training2]] = [
    await outcomes('cpu'),
    await outcomes('wasm'),
  ];
  expect(score.nats_per_pixel).toBeCloseTo(score2.nats_per_pixel as number, 4);
  expect(complete.tokens).toEqual(complete2.tokens);
  expect(probe.best).toMatchObject({ layer: (probe2.best as { layer: number }).layer });
  const losses = (rows: Record<string, unknown>[]) => rows.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  expect(losses(training)).toHaveLength(3);
  losses(training).forEach((loss, i) => {
    expect(loss).toBeCloseTo(losses(training2)[i] as number, 4);
  });
}, 240_000);

it('a command that cannot be done prints one sentence, no trace of the program, and exits with 1', async () => {
  const { code, out, err } = await igpt('score', '--model', join(folder, 'no-model'), '--images', images);
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err.trimEnd().split('\n').at(-1)).toMatch(/^The folder .*no-model cannot be read\.$/);
  expect(err).not.toMatch(/^\s+at /m);
});

describe('a sentence says what is wrong with', () => {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockReturnValue();
  });

  const cases: { what: string; args: () => string[]; sentence: string | RegExp }[] = [
    { what: 'a model that is not named', args: () => ['--images', images], sentence: /^--model is missing\.$/ },
    {
      what: 'pictures that are not there',
      args: () => ['--model', model, '--images', join(folder, 'none.bin')],
      sentence: /^The file .*none\.bin cannot be read\.$/,
    },
    {
      what: 'pictures in another format',
      args: () => ['--model', model, '--images', join(model, 'config.json')],
      sentence: /^This is not a CIFAR-10 file: /,
    },
    {
      what: 'a picture beyond the last',
      args: () => ['--model', model, '--images', images, '--index', '2'],
      sentence: /images\.bin has 2 pictures: there is none at 2\.$/,
    },
    {
      what: 'an index that is no number',
      args: () => ['--model', model, '--images', images, '--index', 'last'],
      sentence: /^--index needs a whole number from 0 on, not last\.$/,
    },
    {
      what: 'a class that the model cannot begin with',
      args: () => ['--model', model, '--images', images, '--class', 'ship'],
      sentence: 'This model begins no picture with a class.',
    },
    {
      what: 'pixels to keep of no picture',
      args: () => ['--model', model, '--keep', '3'],
      sentence: '--images is missing.',
    },
    {
      what: 'a file that cannot be written',
      args: () => ['--model', model, '--images', images, '--out', join(folder, 'nowhere', 'sheet.png')],
      sentence: /^The file .*sheet\.png cannot be written\.$/,
    },
  ];

  it.each(cases)('$what', async ({ args, sentence }) => {
    const failure = await complete.run(args()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BadInput);
    expect((failure as BadInput).message).toMatch(sentence);
  });

  describe('what probe is given:', () => {
    const files = () => ['--model', model, '--train', images, '--test', images];
    const cases: { what: string; args: () => string[]; sentence: string | RegExp }[] = [
      { what: 'no pictures to learn from', args: () => ['--model', model], sentence: /^--train is missing\.$/ },
      {
        what: 'fewer pictures than are asked for',
        args: () => [...files(), '--limit-test', '3'],
        sentence: /images\.bin: there are 2 pictures, not 3\.$/,
      },
      {
        what: 'pictures of one class',
        args: files,
        sentence: 'All training pictures are of the class "airplane": a probe needs at least two.',
      },
      {
        what: 'an objective that is none',
        args: () => [...files(), '--objective', 'gan'],
        sentence: '--objective is autoregressive or bert, not gan.',
      },
    ];

    it.each(cases)('$what', async ({ args, sentence }) => {
      const failure = await probe.run(args()).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(BadInput);
      expect((failure as BadInput).message).toMatch(sentence);
    });
  });

  it('more pictures than there are', async () => {
    const args = ['--model', model, '--images', images, '--from', '1', '--count', '2'];
    await expect(score.run(args)).rejects.toThrow('has 2 pictures: there are not 2 from 1 on.');
  });
});

describe('train', () => {
  const options = ['--preset', 'nano', '--steps', '6', '--batch', '4', '--save-every', '3', '--validate-every', '3'];
  const more = ['--validation-pictures', '4', '--sample-every', '6', '--colours', '16', '--seed', '3'];
  let data: string;
  beforeAll(async () => {
    data = join(folder, 'data_batch_1.bin');
    await writeFile(data, classesInGrey(40));
  });
  const train = (out: string, ...extra: string[]) =>
    igpt('train', '--data', data, ...options, ...more, '--out', out, ...extra);
  const rows = (out: string) =>
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('prints a JSON line a step and a judgement, and leaves a model that scores', async () => {
    const out = join(folder, 'trained');
    const { code, out: lines } = await train(out, '--json');
    expect(code).toBe(0);
    const steps = rows(lines).filter(({ loss }) => loss !== undefined);
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(steps[0].loss).toBeCloseTo(Math.log(10), 2); // ten greys
    expect(rows(lines).filter(({ validation, done }) => validation !== undefined && !done).length).toBe(2);
    expect(rows(lines).at(-1)).toMatchObject({ done: 6 });
    const scored = await igpt('score', '--model', join(out, 'model'), '--images', data, '--count', '4', '--json');
    expect(JSON.parse(scored.out).nats_per_pixel).toBeLessThan(steps[0].loss);
    expect(PNG.sync.read(await readFile(join(out, 'drawn-at-6.png'))).height).toBe(128);
  });

  it('tells what its layers know, the first time that it is asked to, and learns the same', async () => {
    const [{ out: plain }, { out: probed }] = [
      await train(join(folder, 'plain'), '--json'),
      await train(join(folder, 'probed'), '--json', '--probe-every', '2'),
    ];
    const [first] = rows(probed).filter(({ probe }) => probe);
    expect(first).toMatchObject({ step: 2, chance: expect.any(Number), raw_pixels: expect.any(Number) });
    expect(first.probe).toHaveLength(3);
    for (const share of first.probe) expect([0, 0.25, 0.5, 0.75, 1]).toContain(share);
    expect(first.probe_seconds).toBeGreaterThan(0);
    const losses = (out: string) => rows(out).flatMap(({ step, loss }) => (loss === undefined ? [] : [[step, loss]]));
    expect(losses(probed)).toEqual(losses(plain));
    const told = await train(join(folder, 'told'), '--probe-every', '2');
    expect(told.out).toMatch(/^step 2: layer \d tells most classes, \d+\.\d % of the pictures \(raw pixels /m);
  }, 120_000);

  it('has the same losses with the same seed, for people and machines alike, and refuses another recipe', async () => {
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    const [{ out: first }, { out: second }] = [await train(one, '--json'), await train(other, '--json')];
    const losses = (out: string) => rows(out).map(({ step, loss, validation }) => [step, loss, validation]);
    expect(losses(second).slice(0, -1)).toEqual(losses(first).slice(0, -1));
    const { code, err } = await train(one, '--steps', '9');
    expect([code, err]).toEqual([1, expect.stringContaining('holds a run of another size or recipe')]);
    const again = await train(one);
    expect(again.err).toContain(`Going on with the run in ${one} from step 6.`);
    expect(again.out).toContain('6 steps; the model is in');
  });

  it.each([
    [['--preset', 'huge'], '--preset is one of nano, xs, tiny, small, igpt-s, not huge.'],
    [['--rate', '7'], 'Recipe: rate must be a number from 0 to 1.'],
    [['--data', 'missing.bin'], 'The file missing.bin cannot be read.'],
  ])('refuses %j with one line', async (extra, line) => {
    const { code, out, err } = await train(join(folder, 'refused'), ...extra);
    expect([code, out]).toEqual([1, '']);
    expect(err.trim().split('\n').at(-1)).toBe(line);
  });
});
