/** The models that can be probed: the current one, those that the page brings along, and whatever weights a run has kept. */
import type { ModelInfo, ModelSize, ModelSource, Recipe, RunInfo, WhichWeights } from '../../workers/contract.ts';
import { SHIPPED_MODELS } from '../complete/models.ts';
import { modelName } from '../state/session.ts';

export interface Candidate {
  key: string;
  name: string;
  source: ModelSource;
  objective: Recipe['objective'];
  /** Null while it is not known. */
  size: ModelSize | null;
  /** RGB bytes, [colours × 3]; null while it is not known. */
  palette: Uint8Array | null;
  /** Whose weights they are, and after how many steps. */
  run: { id: string; name: string; step: number } | null;
}

interface Current {
  model: ModelInfo | null;
  source: ModelSource | null;
}

export const keyOf = (source: ModelSource): string => {
  if (source.kind === 'files') return 'own';
  return source.kind === 'shipped' ? `shipped ${source.id}` : `run ${source.run} ${source.which}`;
};

/** Those that are no run's: the visitor's own where it is open, and the shipped ones. */
export function modelCandidates({ model, source }: Current): Candidate[] {
  const common = { objective: 'autoregressive', run: null } as const;
  const own: Candidate[] =
    model && source?.kind === 'files'
      ? [{ ...common, key: keyOf(source), name: modelName(model), source, size: model, palette: model.palette }]
      : [];
  const shipped = SHIPPED_MODELS.map(({ id, name }): Candidate => {
    const open = model?.id === id ? model : null;
    const its: ModelSource = { kind: 'shipped', id };
    return { ...common, key: keyOf(its), name, source: its, size: open, palette: open?.palette ?? null };
  });
  return [...own, ...shipped];
}

/** The last weights, the best ones, and those kept on the way. */
export function runCandidates({ id, name, size, palette, recipe, step, best, checkpoints }: RunInfo): Candidate[] {
  const candidate = (which: WhichWeights, at: number, words: string): Candidate => {
    const source: ModelSource = { kind: 'run', run: id, which };
    const { objective } = recipe;
    const run = { id, name, step: at };
    return { key: keyOf(source), name: `${name}, ${words}`, source, objective, size, palette, run };
  };
  return [
    candidate('last', step, `step ${step.toLocaleString('en')}`),
    ...(best ? [candidate('best', best.step, `best, step ${best.step.toLocaleString('en')}`)] : []),
    ...checkpoints.filter((at) => at !== step).map((at) => candidate(at, at, `step ${at.toLocaleString('en')}`)),
  ];
}

export const candidatesOf = (current: Current, runs: RunInfo[] | null): Candidate[] => [
  ...modelCandidates(current),
  ...(runs ?? []).flatMap(runCandidates),
];

/** What the person has chosen, or else the model that is open. */
export function chosenModels(chosen: ReadonlySet<string> | null, all: Candidate[], { source }: Current): Candidate[] {
  const current = source ? keyOf(source) : all[0]?.key;
  return all.filter(({ key }) => (chosen ? chosen.has(key) : key === current));
}
