import { beforeEach, expect, test, vi } from 'vitest';
import type { IncomingFile, KeptModel, ModelInfo, ModelSource, ModelSurvey } from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { createModels } from './models.ts';
import { notices } from './notices.ts';
import type { SessionState } from './session.ts';

const FILES: IncomingFile[] = [{ path: 'config.json', file: new File(['{}'], 'config.json') }];
const STORED: IncomingFile[] = [{ path: 'config.json', file: new File(['{}'], 'config.json') }];
const KEPT: KeptModel = { id: 'k', name: 'Mine', side: 8, parameters: 1, bytes: 2, created: 3 };
const SURVEY: ModelSurvey = { name: 'Mine', parameters: 1, bytes: 2, memory: 1e6 };

/** Models over a lab and a session that record what is asked of them. */
function staged(calls: Partial<LabCalls> = {}) {
  let source: ModelSource | null = null;
  const setSource = (moved: ModelSource) => {
    source = moved;
  };
  const openModel = vi.fn(async (wanted: ModelSource) => setSource(wanted));
  const lab = {
    surveyModel: async () => SURVEY,
    keepModel: async () => KEPT,
    keptFiles: async () => STORED,
    renameModel: async (_: string, name: string) => ({ ...KEPT, name }),
    deleteModel: async () => {},
    ...calls,
  } as unknown as LabCalls;
  const running = () =>
    ({ device: {}, model: { name: 'Mine' } as ModelInfo, source, openModel, setSource }) as unknown as SessionState;
  return {
    models: createModels(
      () => lab,
      { getState: running },
      async () => true,
    ),
    openModel,
    source: () => source,
  };
}

beforeEach(() => notices.setState({ shown: [] }));

test('a small model is opened at once, kept, and from then on comes from the storage', async () => {
  const { models, source } = staged();
  await models.getState().add(FILES);
  expect(models.getState()).toMatchObject({ list: [KEPT], asking: null, opening: null, busy: false });
  expect(source()).toEqual({ kind: 'files', files: STORED, kept: KEPT });
});

test('a model that is listed while it is being kept stands in the list once', async () => {
  const { models } = staged({
    listModels: async () => [KEPT],
    keptFiles: async () => {
      await models.getState().refresh(); // the panel was opened meanwhile
      return STORED;
    },
  });
  await models.getState().add(FILES);
  expect(models.getState().list).toEqual([KEPT]);
});

test('a large model waits for the word of the person', async () => {
  const { models, openModel } = staged({ surveyModel: async () => ({ ...SURVEY, memory: 1e9 }) });
  const refused = models.getState().add(FILES);
  await vi.waitFor(() => expect(models.getState().asking?.survey.memory).toBe(1e9));
  models.getState().show(false);
  await refused;
  expect(openModel).not.toHaveBeenCalled();
  const agreed = models.getState().add(FILES);
  await vi.waitFor(() => expect(models.getState().asking).not.toBeNull());
  models.getState().asking!.answer(true);
  await agreed;
  expect(openModel).toHaveBeenCalledOnce();
});

test('a model that cannot be kept is said so and stays open', async () => {
  const keepModel = async () => {
    throw new Error('There is no room.');
  };
  const { models, source } = staged({ keepModel });
  await models.getState().add(FILES);
  expect(notices.getState().shown).toMatchObject([{ kind: 'error', text: 'There is no room.' }]);
  expect(source()).toEqual({ kind: 'files', files: FILES });
  expect(models.getState().busy).toBe(false);
});

test('a refused model is not kept', async () => {
  const keepModel = vi.fn();
  const { models, openModel } = staged({ keepModel });
  openModel.mockImplementation(async () => {});
  await models.getState().add(FILES);
  expect(keepModel).not.toHaveBeenCalled();
});

test('the open model takes its new name along, and is open still when it is deleted', async () => {
  const { models, source } = staged();
  await models.getState().add(FILES);
  await models.getState().rename('k', 'Renamed');
  expect(models.getState().list).toEqual([{ ...KEPT, name: 'Renamed' }]);
  expect(source()).toMatchObject({ kept: { name: 'Renamed' } });
  await models.getState().remove('k');
  expect(models.getState().list).toEqual([]);
  expect(source()).toEqual({ kind: 'files', files: STORED, kept: undefined });
});
