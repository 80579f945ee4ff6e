import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenDouble } from '../../tools/arbitraries.ts';
import { encodePixels } from '../data/palette.ts';
import { BadInput } from '../errors.ts';
import { type Config, parameterShapes } from '../igpt/config.ts';
import { type ModelFolder, readModelFolder, writeModelFolder } from './huggingface.ts';
import { parseSafetensors, toFloat32, writeSafetensors } from './safetensors.ts';

type Files = Map<string, Uint8Array>;
type Json = Record<string, unknown>;

const CONFIG: Config = {
  n_layer: 2,
  n_embd: 8,
  n_head: 2,
  n_positions: 9,
  n_colours: 4,
  layer_norm_epsilon: 1e-5,
};

/** Weights that differ everywhere and are no short decimals. */
function folder(config = CONFIG, biases = true): ModelFolder {
  let n = 0;
  const next = () => Math.sin(++n);
  const shapes = parameterShapes(config).filter((p) => biases || !p.optional);
  return {
    config,
    palette: Float32Array.from({ length: 3 * config.n_colours }, next),
    weights: new Map(
      shapes.map(({ name, shape }) => [name, Float32Array.from({ length: shape.reduce((a, b) => a * b) }, next)]),
    ),
  };
}

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const parsed = (files: Files, name: string): Json => JSON.parse(new TextDecoder().decode(files.get(name)));

/** The good folder with some entries of one JSON file replaced; undefined takes an entry out. */
function changed(name: string, changes: Json): Files {
  const files = writeModelFolder(folder(), 'F32');
  return files.set(name, bytes({ ...parsed(files, name), ...changes }));
}

type Tensors = Map<string, { shape: number[]; data: Float32Array }>;

/** The good folder with its tensors put through a function first. */
function withTensors(change: (tensors: Tensors) => void): Files {
  const { config, weights } = folder();
  const tensors: Tensors = new Map(
    parameterShapes(config).map(({ name, shape }) => [name, { shape, data: weights.get(name)! }]),
  );
  change(tensors);
  return writeModelFolder(folder(), 'F32').set('model.safetensors', writeSafetensors(tensors, 'F32'));
}

function refusal(files: Files): string {
  try {
    readModelFolder(files);
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
  return 'nothing was refused';
}

describe('a written folder', () => {
  it('reads back to the bit in F32', () => {
    const written = folder();
    const read = readModelFolder(writeModelFolder(written, 'F32'));
    expect(read).toEqual(written);
  });

  it('has zeros for biases that are absent, which transformers would make up', () => {
    const written = folder(CONFIG, false);
    const { weights } = readModelFolder(writeModelFolder(written, 'F32'));
    for (const { name, shape, optional } of parameterShapes(CONFIG)) {
      expect(weights.get(name), name).toEqual(optional ? new Float32Array(shape[0]) : written.weights.get(name));
    }
  });

  it('is within half a unit of the last place in F16', () => {
    const written = folder();
    const read = readModelFolder(writeModelFolder(written, 'F16'));
    for (const [name, values] of written.weights) {
      read.weights.get(name)!.forEach((x, i) => {
        expect(Math.abs(x - values[i])).toBeLessThanOrEqual(Math.max(Math.abs(values[i]) * 2 ** -11, 2 ** -25));
      });
    }
  });

  it('has the entries that transformers looks for', () => {
    const files = writeModelFolder(folder(), 'F32');
    expect([...files.keys()]).toEqual(['config.json', 'preprocessor_config.json', 'model.safetensors']);
    expect(parsed(files, 'config.json')).toMatchObject({
      model_type: 'imagegpt',
      activation_function: 'quick_gelu',
      n_layer: 2,
      n_embd: 8,
      n_head: 2,
      n_positions: 9,
      n_inner: null,
      vocab_size: 5,
      layer_norm_epsilon: 1e-5,
      scale_attn_weights: true,
      tie_word_embeddings: false,
    });
    const preprocessor = parsed(files, 'preprocessor_config.json');
    expect(preprocessor).toMatchObject({ size: { height: 3, width: 3 }, resample: 2 });
    expect(preprocessor.clusters).toHaveLength(4);
  });

  it('is not written with a hole, a stranger or a weight that F16 cannot hold', () => {
    const hole = folder();
    hole.weights.delete('lm_head.weight');
    expect(() => writeModelFolder(hole, 'F32')).toThrow(new RangeError('lm_head.weight is missing'));
    const stranger = folder();
    stranger.weights.set('lm_head.bias', new Float32Array(4));
    expect(() => writeModelFolder(stranger, 'F32')).toThrow(new RangeError('the config knows no lm_head.bias'));
    const colourless = { ...folder(), palette: new Float32Array(9) };
    expect(() => writeModelFolder(colourless, 'F32')).toThrow(RangeError);
    const large = folder();
    large.weights.get('transformer.ln_f.weight')![3] = -65520;
    expect(() => writeModelFolder(large, 'F16')).toThrow(
      new BadInput('Tensor "transformer.ln_f.weight" has values too large for F16: save the model as F32.'),
    );
    expect(refusal(writeModelFolder(large, 'F32'))).toBe('nothing was refused');
  });
});

describe('a folder from elsewhere', () => {
  it('may leave to transformers what it takes by default', () => {
    const files = changed('config.json', {
      activation_function: undefined,
      n_inner: undefined,
      layer_norm_epsilon: undefined,
      scale_attn_weights: undefined,
      scale_attn_by_inverse_layer_idx: undefined,
      tie_word_embeddings: undefined,
    });
    expect(readModelFolder(files).config).toEqual(CONFIG);
  });

  it('may spell out n_inner, reorder its attention and give its size as a number', () => {
    const files = changed('config.json', { n_inner: 32, reorder_and_upcast_attn: true });
    files.set(
      'preprocessor_config.json',
      changed('preprocessor_config.json', { size: 3 }).get('preprocessor_config.json')!,
    );
    expect(readModelFolder(files).config).toEqual(CONFIG);
  });

  it('may lack the prefix, and have the masks of old versions, which are no biases', () => {
    const files = withTensors((tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        tensors.set(name.replace('transformer.', ''), tensor);
      }
      for (const prefix of ['', 'transformer.']) {
        tensors.set(`${prefix}h.0.attn.bias`, { shape: [1, 1, 9, 9], data: new Float32Array(81) });
        tensors.set(`${prefix}h.1.attn.masked_bias`, { shape: [], data: Float32Array.of(Number.NEGATIVE_INFINITY) });
      }
    });
    const { weights } = readModelFolder(files);
    expect([...weights.keys()].sort()).toEqual([...folder().weights.keys()].sort());
    expect(weights.get('transformer.h.0.attn.c_attn.bias')).toEqual(
      folder().weights.get('transformer.h.0.attn.c_attn.bias'),
    );
  });
});

describe('a folder that is refused', () => {
  it.each(['config.json', 'preprocessor_config.json', 'model.safetensors'])('lacks %s', (name) => {
    const files = writeModelFolder(folder(), 'F32');
    files.delete(name);
    expect(refusal(files)).toBe(
      `The file ${name} is missing: a model needs config.json, preprocessor_config.json and model.safetensors.`,
    );
  });

  it('has only PyTorch weights, and says how to convert them', () => {
    const files = writeModelFolder(folder(), 'F32');
    files.delete('model.safetensors');
    for (const rest of [files, new Map<string, Uint8Array>()]) {
      expect(refusal(rest.set('pytorch_model.bin', new Uint8Array(9)))).toBe(
        'pytorch_model.bin cannot be read here: load the model in Python with transformers and save it as ' +
          'model.safetensors with save_pretrained(folder, safe_serialization=True).',
      );
    }
  });

  it.each(['config.json', 'preprocessor_config.json'])('has a %s that is no JSON object', (name) => {
    const files = writeModelFolder(folder(), 'F32');
    expect(refusal(files.set(name, bytes('{"n_layer": 2,')))).toBe(`${name} is not JSON.`);
    expect(refusal(files.set(name, Uint8Array.of(0xff, 0xfe)))).toBe(`${name} is not JSON.`);
    expect(refusal(files.set(name, bytes('3')))).toBe(`${name} must be a JSON object.`);
    expect(refusal(files.set(name, bytes('null')))).toBe(`${name} must be a JSON object.`);
  });

  it('has damaged weights', () => {
    const files = writeModelFolder(folder(), 'F32');
    const weights = files.get('model.safetensors')!;
    expect(refusal(files.set('model.safetensors', weights.subarray(0, -5)))).toBe(
      `The file is cut off: it should have ${weights.length} bytes but has ${weights.length - 5}.`,
    );
  });

  const square = 'must be a whole number from 1 to 4096';
  it.each<[Json, string]>([
    [{ model_type: 'gpt2' }, '"model_type" must be imagegpt, but it is "gpt2".'],
    [{ activation_function: 'gelu_new' }, '"activation_function" must be quick_gelu, but it is "gelu_new".'],
    [{ n_inner: 16 }, 'n_inner must be null or 4 times n_embd, which is 32, but it is 16.'],
    [{ scale_attn_weights: false }, '"scale_attn_weights" must be true, but it is false.'],
    [{ scale_attn_by_inverse_layer_idx: true }, '"scale_attn_by_inverse_layer_idx" must be false, but it is true.'],
    [{ tie_word_embeddings: true }, '"tie_word_embeddings" must be false, but it is true.'],
    [{ n_head: 3 }, 'n_embd 8 cannot be divided among n_head 3 heads.'],
    [{ n_positions: 8 }, 'n_positions must be a square, as pictures are, but it is 8.'],
    [{ n_positions: 4097 }, `"n_positions" ${square}, but it is 4097.`],
    [{ n_positions: '9' }, `"n_positions" ${square}, but it is "9".`],
    [{ n_positions: 0.25 }, `"n_positions" ${square}, but it is 0.25.`],
    [{ n_layer: 129 }, '"n_layer" must be a whole number from 1 to 128, but it is 129.'],
    [{ n_layer: 0 }, '"n_layer" must be a whole number from 1 to 128, but it is 0.'],
    [{ n_embd: 8193 }, '"n_embd" must be a whole number from 1 to 8192, but it is 8193.'],
    [{ vocab_size: 514 }, '"vocab_size" must be a whole number from 3 to 513, but it is 514.'],
    [{ vocab_size: 2 }, '"vocab_size" must be a whole number from 3 to 513, but it is 2.'],
    [{ layer_norm_epsilon: 0 }, '"layer_norm_epsilon" must be greater than 0, but it is 0.'],
  ])('has the config entry %j', (changes, end) => {
    const message = refusal(changed('config.json', changes));
    expect(message).toBe(`config.json: ${end}`);
  });

  it('lacks an entry', () => {
    expect(refusal(changed('config.json', { n_layer: undefined }))).toBe('config.json lacks "n_layer".');
    expect(refusal(changed('preprocessor_config.json', { clusters: undefined }))).toBe(
      'preprocessor_config.json lacks "clusters".',
    );
    expect(refusal(changed('preprocessor_config.json', { size: undefined }))).toBe(
      'preprocessor_config.json lacks "size".',
    );
  });

  it('has a palette that does not fit', () => {
    const colours = (n: number) => Array.from({ length: n }, () => [0, 0, 0]);
    const clusters = (value: unknown) => refusal(changed('preprocessor_config.json', { clusters: value }));
    expect(clusters(colours(3))).toBe(
      'preprocessor_config.json has 3 colours, but config.json has a vocab_size of 5, which is 4 colours and the start symbol.',
    );
    expect(clusters(colours(1))).toContain('must have at least 2 colours, but it has 1.');
    expect(clusters(colours(513))).toContain('must have at most 512 colours');
    expect(clusters('red')).toContain('must be a list of colours');
    expect(clusters([[0, 0]])).toBe(
      'preprocessor_config.json: "clusters.0" must be a list of three numbers, but it has 2.',
    );
    expect(
      clusters([
        [0, 0, 0],
        [0, 255, 0],
        [0, 0, 0],
        [0, 0, 0],
      ]),
    ).toBe('preprocessor_config.json: "clusters.1.1" must be a number from -1 to 1, but it is 255.');
    expect(clusters([[0, 0, null]])).toContain('"clusters.0.2" must be a number from -1 to 1, but it is null.');
  });

  it('has pictures of another size', () => {
    const size = (value: unknown) => refusal(changed('preprocessor_config.json', { size: value }));
    expect(size(4)).toBe(
      'preprocessor_config.json has pictures of 4 × 4 pixels, but config.json has 9 positions, which are 3 × 3.',
    );
    expect(size({ height: 3, width: 4 })).toContain('has pictures of 4 × 3 pixels');
    expect(size({ height: 4, width: 3 })).toContain('has pictures of 3 × 4 pixels');
    expect(size({ shortest_edge: 3 })).toContain('"size');
    expect(size('3')).toBe('preprocessor_config.json: "size" must be a side or a height and a width, but it is "3".');
  });

  const name = 'transformer.h.1.mlp.c_fc.weight';

  it('lacks a tensor', () => {
    expect(refusal(withTensors((t) => t.delete(name)))).toBe(`model.safetensors lacks the tensor "${name}".`);
  });

  it('has a tensor of another shape', () => {
    expect(refusal(withTensors((t) => t.set(name, { ...t.get(name)!, shape: [32, 8] })))).toBe(
      `Tensor "${name}" has the shape [32, 8], but config.json needs [8, 32].`,
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('has the weight %s', (value) => {
    const files = withTensors((t) => {
      t.get(name)!.data[5] = value;
    });
    expect(refusal(files)).toBe(`Tensor "${name}" has values that are infinite or not numbers.`);
  });

  it('has a weight of whole numbers', () => {
    const files = writeModelFolder(folder(), 'F32');
    const text = new TextDecoder('latin1').decode(files.get('model.safetensors'));
    const at = text.indexOf('F32', text.indexOf(name));
    files.get('model.safetensors')!.set(bytes('I32'), at);
    expect(refusal(files)).toBe(`Tensor "${name}" has numbers of type I32: F32, F16 or BF16 is needed.`);
  });

  it.each(['score.weight', 'transformer.lm_head.weight', 'transformer.h.2.ln_1.weight', 'lm_head.bias', 'attn.bias'])(
    'has the tensor %s that no Image GPT of its size has',
    (stranger) => {
      expect(refusal(withTensors((t) => t.set(stranger, { shape: [1], data: Float32Array.of(0) })))).toBe(
        `model.safetensors has the tensor "${stranger}", which is no part of an Image GPT of this size.`,
      );
    },
  );

  it('has a tensor with and without prefix', () => {
    expect(refusal(withTensors((t) => t.set('ln_f.weight', t.get('transformer.ln_f.weight')!)))).toBe(
      'model.safetensors has the tensor "transformer.ln_f.weight" twice, with and without prefix.',
    );
  });
});

describe('any damage', () => {
  it('to any file of a folder is at worst a BadInput', () => {
    const good = [...writeModelFolder(folder(), 'F32')];
    const edit = fc.record({ file: fc.nat(2), at: evenDouble({ min: 0, max: 1 }), byte: fc.nat(255) });
    // The headers and JSON files are where damage is interesting, so most edits fall into a file's first part.
    const place = (length: number, at: number) => Math.floor((length - 1) * at ** 4);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const files: Files = new Map(good.map(([name, content]) => [name, content.slice()]));
        for (const { file, at, byte } of edits) {
          const content = files.get(good[file][0])!;
          content[place(content.length, at)] = byte;
        }
        try {
          const { weights } = readModelFolder(files);
          for (const values of weights.values()) expect(values.every(Number.isFinite)).toBe(true);
        } catch (error) {
          if (!(error instanceof BadInput)) throw error;
        }
      }),
      { numRuns: 4000 },
    );
  });

  it('to any entry of its JSON files is at worst a BadInput', () => {
    const good = writeModelFolder(folder(), 'F32');
    const name = fc.constantFrom('config.json', 'preprocessor_config.json');
    fc.assert(
      fc.property(name, fc.nat(), fc.json(), (name, entry, json) => {
        const entries = Object.entries(parsed(good, name));
        entries[entry % entries.length][1] = JSON.parse(json);
        refusal(new Map([...good, [name, bytes(Object.fromEntries(entries))]]));
      }),
      { numRuns: 4000 },
    );
  });
});

/** Models that others wrote, with what these compute from them; see tools/fixtures/make.py and make_classes.py. */
const OURS = 'workers/igpt/fixtures';
const THEIRS = '../shared/fixtures';
const made = [OURS, THEIRS].flatMap((root) =>
  existsSync(root) ? readdirSync(root).map((name) => `${root}/${name}`) : [],
);

describe.each(made)('the model in %s', (path) => {
  const files: Files = new Map(
    readdirSync(path).map((name) => [name, new Uint8Array(readFileSync(`${path}/${name}`))]),
  );
  const golden: { side: number; rgb: number[][]; tokens: number[][]; probe_features: number[][][] } = JSON.parse(
    readFileSync(`${path}/golden.json`, 'utf8'),
  );

  it('is read, with every weight that its file has', () => {
    const { config, weights } = readModelFolder(files);
    expect(config.n_positions).toBe(golden.side ** 2);
    expect(config.n_layer + 1).toBe(golden.probe_features[0].length);
    expect(config.n_embd).toBe(golden.probe_features[0][0].length);
    const needed = parameterShapes(config).filter((p) => !path.includes('no-bias') || !p.optional);
    expect([...weights.keys()]).toEqual(needed.map((p) => p.name));
  });

  it('survives being written and read again', () => {
    const read = readModelFolder(files);
    const again = readModelFolder(writeModelFolder(read, 'F32'));
    expect(again.palette).toEqual(read.palette);
    for (const [name, values] of read.weights) expect(again.weights.get(name), name).toEqual(values);
  });

  it('has the palette that turns its pictures into its tokens', () => {
    const { palette } = readModelFolder(files);
    golden.rgb.forEach((rgb, i) => {
      expect([...encodePixels(Uint8Array.from(rgb), palette)]).toEqual(golden.tokens[i]);
    });
  });
});

it('there are models to read', () => {
  expect(made.filter((path) => path.startsWith(OURS))).toHaveLength(4);
});

it('there are models of others beside the repository to read', { tags: ['more-models'] }, () => {
  expect(made.filter((path) => path.startsWith(THEIRS))).not.toEqual([]);
});

describe('a model with classes', () => {
  const classes = ['cat', 'dog', 'ship'];
  const taught = { ...folder({ ...CONFIG, n_classes: 3 }), classes };
  const changedConfig = (changes: Json): Files => {
    const files = writeModelFolder(taught, 'F32');
    return files.set('config.json', bytes({ ...parsed(files, 'config.json'), ...changes }));
  };

  it('is written with its head and the names of its classes as transformers has them, and read back', () => {
    const files = writeModelFolder(taught, 'F32');
    expect(parsed(files, 'config.json')).toMatchObject({
      architectures: ['ImageGPTForImageClassification'],
      id2label: { 0: 'cat', 1: 'dog', 2: 'ship' },
      label2id: { cat: 0, dog: 1, ship: 2 },
    });
    const back = readModelFolder(files);
    expect(back.config.n_classes).toBe(3);
    expect(back.classes).toEqual(classes);
    expect(back.weights.get('score.weight')).toEqual(taught.weights.get('score.weight'));
  });

  it('is refused where the names are not those of its head', () => {
    expect(refusal(changedConfig({ id2label: { 0: 'cat', 1: 'dog' } }))).toContain(
      '"score.weight" has the shape [3, 8]',
    );
    expect(refusal(changedConfig({ id2label: { 1: 'cat', 2: 'dog', 3: 'ship' } }))).toBe(
      'config.json: id2label must name up to 10000 classes, counted from 0.',
    );
    expect(() => writeModelFolder({ ...taught, classes: ['cat'] }, 'F32')).toThrow('there are 1 names of classes');
  });
});

describe('a model that begins pictures with classes', () => {
  const starts = ['ship', 'cat'];
  const begun = { ...folder({ ...CONFIG, n_starts: 2 }), starts };
  const [WTE, WCE] = ['transformer.wte.weight', 'transformer.wce.weight'];
  const changedConfig = (changes: Json): Files => {
    const files = writeModelFolder(begun, 'F32');
    return files.set('config.json', bytes({ ...parsed(files, 'config.json'), ...changes }));
  };

  it('has the vectors of classes beside a wte that is as without them, and comes back to the bit', () => {
    const files = writeModelFolder(begun, 'F32');
    const tensors = parseSafetensors(files.get('model.safetensors')!);
    expect([tensors.get(WTE)?.shape, tensors.get(WCE)?.shape]).toEqual([
      [5, 8],
      [2, 8],
    ]);
    const joined = [...toFloat32(tensors.get(WTE)!), ...toFloat32(tensors.get(WCE)!)];
    expect(joined).toEqual([...begun.weights.get(WTE)!]);
    expect(parsed(files, 'config.json')).toMatchObject({ vocab_size: 5, n_class: 2, class_names: starts });
    expect(readModelFolder(files)).toEqual(begun);
  });

  it('keeps its classes in F16 too', () => {
    const { config, starts, weights } = readModelFolder(writeModelFolder(begun, 'F16'));
    expect([config, starts]).toEqual([begun.config, begun.starts]);
    begun.weights.get(WTE)!.forEach((x, i) => {
      expect(Math.abs(weights.get(WTE)![i] - x)).toBeLessThanOrEqual(Math.max(Math.abs(x) * 2 ** -11, 2 ** -25));
    });
  });

  it('may have a head for classes too', () => {
    const both = { ...folder({ ...CONFIG, n_classes: 2, n_starts: 2 }), classes: ['a', 'b'], starts };
    expect(readModelFolder(writeModelFolder(both, 'F32'))).toEqual(both);
  });

  it('counts its classes where they have no names', () => {
    expect(readModelFolder(changedConfig({ class_names: undefined })).starts).toEqual(['class 0', 'class 1']);
  });

  it('is no other model than before where there are none', () => {
    const files = writeModelFolder(folder(), 'F32');
    expect(Object.keys(parsed(files, 'config.json'))).not.toContain('n_class');
    expect(readModelFolder(changed('config.json', { n_class: 0, class_names: [] }))).toEqual(folder());
  });

  it('is refused where its parts do not fit', () => {
    const bare = writeModelFolder(folder(), 'F32').get('model.safetensors')!;
    expect(refusal(writeModelFolder(begun, 'F32').set('model.safetensors', bare))).toBe(
      'model.safetensors lacks the tensor "transformer.wce.weight".',
    );
    expect(refusal(changedConfig({ n_class: undefined, class_names: undefined }))).toBe(
      'model.safetensors has the tensor "transformer.wce.weight", which is no part of an Image GPT of this size.',
    );
    expect(refusal(changedConfig({ n_class: 3, class_names: undefined }))).toBe(
      'Tensor "transformer.wce.weight" has the shape [2, 8], but config.json needs [3, 8].',
    );
    expect(refusal(changedConfig({ n_class: 3 }))).toBe('config.json has 2 class_names, but an n_class of 3.');
    expect(refusal(changedConfig({ n_class: 0.5 }))).toContain('"n_class" must be a whole number');
    expect(refusal(changedConfig({ class_names: [1, 2] }))).toContain('must be a list of names');
    expect(() => writeModelFolder({ ...begun, starts: ['ship'] }, 'F32')).toThrow('there are 1 names to begin with');
  });
});
