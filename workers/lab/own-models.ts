/** Models of the visitor's own: looked at before they are opened, kept for later visits; and any model, taken away. */
import type { ModelCalls } from '../contract.ts';
import type { Source } from '../data/source.ts';
import { BadInput } from '../errors.ts';
import { modelArchive } from '../formats/archive.ts';
import { readModelHead } from '../formats/huggingface.ts';
import { parameterCount, sideOf } from '../igpt/config.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { memoryOf } from '../igpt/memory.ts';
import type { PrivateFiles } from '../storage/files.ts';
import { ModelStore } from '../storage/models.ts';
import type { Backend } from './backend.ts';
import { folderOf, type OpenModel, sizeName } from './models.ts';
import { type OwnFiles, ownFiles, readSmall } from './own-files.ts';
import type { Queue } from './queue.ts';

const UNHEARD = () => {};

export interface ModelsPlace {
  files?: () => PrivateFiles;
  queue: Queue;
  /** @throws BadInput if none has been started */
  backend: () => Backend;
  /** @throws BadInput if none is open */
  current: () => OpenModel;
}

export function createModels({ files, queue, backend, current }: ModelsPlace): ModelCalls {
  const stored = () => {
    if (!files) throw new Error('no place for models');
    return new ModelStore(files());
  };

  return {
    surveyModel: async (incoming, sampling) => {
      const own = await ownFiles(incoming, UNHEARD);
      const { config } = readModelHead(await readSmall(own));
      const { decoding, budget } = backend();
      const refusal = decoding.refusal(config);
      if (refusal) throw new BadInput(refusal);
      const half = decoding.decodesHalves;
      const memory = (pictures: number) => memoryOf(config, weightBytes(own), { pictures, half });
      budget.refuse('This model', memory(1), budget.bytes);
      return {
        name: own.name ?? sizeName(config),
        parameters: parameterCount(config),
        bytes: own.bytes,
        memory: Math.min(memory(particleCount(sampling)), budget.bytes),
      };
    },

    keepModel: async (incoming, name) => {
      const own = await ownFiles(incoming, UNHEARD);
      const small = await readSmall(own);
      const { config } = readModelHead(small);
      const parts = [...own.parts].map(([name, part]) => ({ name, stream: () => stream(small.get(name) ?? part) }));
      return stored().add({ name, side: sideOf(config), parameters: parameterCount(config) }, parts);
    },

    listModels: () => stored().list(),
    keptFiles: (id) => stored().open(id),
    renameModel: (id, name) => stored().rename(id, name),
    deleteModel: (id) => stored().remove(id),

    exportModel: (dtype) =>
      queue.run(async () => {
        const model = current();
        return modelArchive(folderOf(model), dtype, folderName(model.info.name));
      }),
  };
}

async function* stream(part: Uint8Array | Source): AsyncGenerator<Uint8Array> {
  if (part instanceof Uint8Array) yield part;
  else yield* part.stream();
}

const weightBytes = ({ parts }: OwnFiles): number =>
  [...parts].reduce((sum, [name, { size = 0 }]) => sum + (name.endsWith('.safetensors') ? size : 0), 0);

/** The name of a model as that of a folder on any system. */
const folderName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '') || 'model';
