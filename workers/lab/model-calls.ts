/** The calls for models of the visitor's own and for taking models away, whose code is loaded with the first of them. */
import type { ModelCalls } from '../contract.ts';
import { lazily } from './lazily.ts';
import type { ModelsPlace } from './own-models.ts';

export function modelCalls(place: ModelsPlace): ModelCalls {
  const calls = lazily(
    'keeps models',
    () => import('./own-models.ts'),
    ({ createModels }) => createModels(place),
  );
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
