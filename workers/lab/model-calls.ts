/** The calls for models of the visitor's own and for taking models away, whose code is loaded with the first of them. */
import type { ModelCalls } from '../contract.ts';
import { BadInput } from '../errors.ts';
import type { ModelsPlace } from './own-models.ts';

const NOT_LOADED = 'The part of this page that keeps models could not be loaded: is the connection down?';

export function modelCalls(place: ModelsPlace): ModelCalls {
  let loading: Promise<ModelCalls> | undefined;
  const calls = () => {
    loading ??= import('./own-models.ts').then(
      ({ createModels }) => createModels(place),
      () => {
        // Else the failure would be remembered.
        loading = undefined;
        throw new BadInput(NOT_LOADED);
      },
    );
    return loading;
  };
  return {
    surveyModel: async (...args) => (await calls()).surveyModel(...args),
    keepModel: async (...args) => (await calls()).keepModel(...args),
    listModels: async () => (await calls()).listModels(),
    keptFiles: async (...args) => (await calls()).keptFiles(...args),
    renameModel: async (...args) => (await calls()).renameModel(...args),
    deleteModel: async (...args) => (await calls()).deleteModel(...args),
    exportModel: async (...args) => (await calls()).exportModel(...args),
  };
}
