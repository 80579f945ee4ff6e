/**
 * One run being trained: takes its steps in turn with everything else that the backend does, judges, draws samples and saves
 * when that is due, and tells its course. It can pause, take single steps, and go back to what was saved when the loss leaps.
 */
import type { RunHistory, RunInfo, TrainingUpdate } from '../../contract.ts';
import { Aborted, BadInput } from '../../errors.ts';
import { readCheckpoint, writeCheckpoint, writeWeights } from '../../formats/checkpoint.ts';
import type { RunHead } from '../../formats/run-head.ts';
import { historyUntil, readHistory, writeHistory } from '../../formats/run-history.ts';
import type { Config, Weights } from '../../igpt/config.ts';
import { trainingFlops } from '../../igpt/cost.ts';
import type { Trainer, TrainerState } from '../../igpt/trainer.ts';
import type { StoredDataset } from '../../storage/datasets.ts';
import { NoRoom } from '../../storage/files.ts';
import type { RunStore } from '../../storage/runs.ts';
import type { Backend } from '../backend.ts';
import { breathe, type Queue } from '../queue.ts';
import { type Counts, Course, fewest, NOTHING } from './course.ts';
import { RunPictures } from './pictures.ts';
import { keepsWithin, LayerProber } from './probing.ts';
import { due, type StepRecord, TrainingRun } from './run.ts';
import { configOfRun, infoOf } from './run-info.ts';
import { Sampler } from './sampler.ts';
import { optionsOf } from './trainer-options.ts';

/** Milliseconds between two updates; what happens seldom is told at once. */
const UPDATE_MS = 120;
/** Rollbacks without a saved step between them, after which the run pauses. */
const MOST_ROLLBACKS = 3;

/** What a run needs of its surroundings. */
export interface Place {
  backend: Backend;
  queue: Queue;
  store: RunStore;
  dataset: StoredDataset;
  /** The most arithmetic that this device was measured to do, in operations a second; 0 if it is not known. */
  peak: number;
  /** Of the time that its steps take, how much more probing its layers may take. */
  probeShare: number;
  /** Bytes that the page may hold for this run's trainer. */
  left: () => Promise<number>;
  onUpdate: (update: TrainingUpdate) => void;
  /** The run ended by itself, or its device failed. */
  onEnd: (error?: unknown) => void;
}

export class Training {
  private phase: RunInfo['phase'] = 'preparing';
  private note: string | undefined;
  private told: Counts = NOTHING;
  private toldAt = 0;
  /** Steps that may still be taken. */
  private allowed = 0;
  private driving: Promise<void> = Promise.resolve();
  private rollbacks = 0;
  private scaling: TrainingUpdate['scaling'];
  /** Undefined where layers are not probed. */
  private prober: LayerProber | undefined;
  private probeProblem: string | undefined;
  /** Ends probing until the run goes on. */
  private stopProbe = new AbortController();
  private sampler: Sampler;
  private run: TrainingRun;

  private constructor(
    private readonly id: string,
    private head: RunHead,
    private readonly config: Config,
    private readonly place: Place,
    private readonly pictures: RunPictures,
    private readonly course: Course,
    private trainer: Trainer,
    private bytes: number,
  ) {
    this.run = this.openRun();
    this.sampler = this.openSampler();
    if (head.recipe.probeEvery > 0) this.openProber();
  }

  /**
   * Makes everything ready for the next step.
   * @throws BadInput if the data set has changed, the run is damaged, or the device cannot train it
   */
  static async open(id: string, place: Place): Promise<Training> {
    const { store, dataset, queue } = place;
    const { head, bytes } = await store.open(id);
    const config = configOfRun(head);
    const state = readCheckpoint(config, await store.weights(id, 'last'));
    const history = historyUntil(readHistory(await store.history(id)), state.step);
    if (history.loss.length < state.step) throw new BadInput('This run is damaged: its history lacks steps.');
    const palette = Float32Array.from(head.palette);
    const pictures = await RunPictures.open(dataset, palette, config, head.recipe, () => breathe());
    const { train, validation } = head.dataset;
    if (train !== pictures.learnt.length || validation !== pictures.heldBack.length) {
      throw new BadInput(
        `The data set has changed since this run began: then ${train} pictures were learnt from and ${validation} held back, ` +
          `now it would be ${pictures.learnt.length} and ${pictures.heldBack.length}.`,
      );
    }
    const trainer = await queue.run(() => trainerFor(place, config, head, state));
    const training = new Training(id, head, config, place, pictures, new Course(history), trainer, bytes);
    const ended = state.step >= head.recipe.steps || training.course.isExhausted(head.recipe.patience);
    training.phase = ended ? 'finished' : 'paused';
    return training;
  }

  get info(): RunInfo {
    const { course, head } = this;
    return {
      ...infoOf(this.id, head, this.bytes),
      step: course.step,
      seconds: course.seconds,
      validation: course.validation,
      best: course.best,
      phase: this.phase,
      note: this.note,
      probeProblem: this.probeProblem,
    };
  }

  /** Memory of the trainer. */
  get memory(): number {
    return this.trainer.bytes;
  }

  get history(): RunHistory {
    return this.course.since();
  }

  /** Resolves when it rests. */
  settled(): Promise<void> {
    return this.driving;
  }

  /** Tells everything from the start. */
  tellAll(): void {
    this.told = NOTHING;
    this.tell();
  }

  /** Takes steps until it is paused, or `steps` of them. */
  go(steps = Number.POSITIVE_INFINITY): void {
    if (this.phase !== 'paused') return;
    this.phase = 'running';
    this.note = undefined;
    this.allowed = steps;
    this.stopProbe = new AbortController();
    this.tell();
    this.driving = this.drive();
  }

  /** After the steps that are under way; saves. A probe that is under way is given up. */
  async pause(): Promise<void> {
    this.allowed = 0;
    this.stopProbe.abort();
    await this.driving;
  }

  /** Saves, and gives the memory back. */
  async close(): Promise<void> {
    await this.pause();
    await this.place.queue.run(async () => {
      this.sampler.dispose();
      this.trainer.dispose();
    });
    if (this.phase !== 'finished') this.phase = 'resting';
    this.tell();
  }

  /** Says why it stopped by itself. */
  tellFailure(why: string): void {
    this.note = `The run stopped: ${why.replace(/\.?$/, '.')} What was saved stands.`;
    this.tell();
  }

  /** The schedule goes on from this peak. */
  setRate(rate: number): void {
    const step = this.course.step;
    const before = this.head.rates.filter((change) => change.step < step);
    this.head = { ...this.head, rates: [...before, { step, rate }] };
    this.tell();
  }

  rename(name: string): void {
    this.head = { ...this.head, name };
    this.tell();
  }

  /** The weights as they are. */
  weights(): Promise<Weights> {
    return this.place.queue.run(async () => (await this.trainer.state()).weights);
  }

  private async drive(): Promise<void> {
    try {
      while (this.allowed > 0 && this.phase === 'running') {
        await this.advance();
        await breathe();
      }
      await this.come();
    } catch (error) {
      this.phase = 'paused';
      this.place.onEnd(error);
    }
  }

  /** A step, and whatever is due after it. */
  private async advance(): Promise<void> {
    const started = performance.now();
    const record = await this.place.queue.run(() => this.run.next(this.allowed));
    if (!record) {
      this.phase = 'finished';
      return;
    }
    this.allowed -= 1;
    if (!(await this.take(record, started))) return;
    await this.serve(record.step);
    this.tellSometimes();
  }

  /** To rest: the steps under way are taken in, and everything is saved. */
  private async come(): Promise<void> {
    const finished = this.phase === 'finished';
    for (let started = performance.now(); ; started = performance.now()) {
      const record = await this.place.queue.run(() => this.run.settle());
      if (!record) break;
      if (await this.take(record, started)) await this.serve(record.step);
    }
    if (this.phase === 'running') {
      await this.save();
      this.phase = 'paused';
    }
    this.tell();
    if (finished) this.place.onEnd();
  }

  /** Adds a step to the course; false if the loss leapt and the run did not go on from it. */
  private async take(record: StepRecord, started: number): Promise<boolean> {
    const leap = this.course.leap(record);
    if (leap) {
      await this.leapt(leap, record);
      return false;
    }
    this.scaling = record.scaling;
    this.course.add(record, (performance.now() - started) / 1000);
    return true;
  }

  private async serve(step: number): Promise<void> {
    const { recipe } = this.head;
    let improved = false;
    let exhausted = false;
    if (due(recipe.validateEvery, step, recipe)) {
      this.course.judge(await this.run.validate(this.turn));
      improved = this.course.best?.step === step;
      exhausted = this.course.isExhausted(recipe.patience);
      this.tell();
    }
    if (due(recipe.sampleEvery, step, recipe) && recipe.objective === 'autoregressive') {
      this.course.show(await this.sampler.draw(this.turn));
      this.tell();
    }
    if (due(recipe.probeEvery, step, recipe)) await this.probe(step);
    const keep = due(recipe.keepEvery, step, recipe);
    if (improved || keep || exhausted || due(recipe.saveEvery, step, recipe)) await this.save(improved, keep);
    if (!exhausted) return;
    this.phase = 'finished';
    this.note = `The last ${recipe.patience} judgements were no better than that of step ${this.course.best!.step}: the run has ended.`;
  }

  /** Runs one piece of what is due after a step, when the queue lets it. The page gets an update between pieces. */
  private readonly turn = async <T>(job: () => Promise<T>): Promise<T> => {
    const result = await this.place.queue.run(job);
    this.tellSometimes();
    return result;
  };

  /** What each layer knows, where there is time for it. */
  private async probe(step: number): Promise<void> {
    const { prober, course, trainer, place, head } = this;
    if (!prober || !keepsWithin(place.probeShare, course, head.recipe.steps)) return;
    const { signal } = this.stopProbe;
    const piece = async <T>(job: () => Promise<T>) => {
      await breathe();
      return this.turn(job);
    };
    try {
      const { about, probe } = await prober.probe(trainer, course.probe, step, { piece, signal });
      course.addProbe(about, probe);
    } catch (error) {
      if (error instanceof Aborted) return;
      if (!(error instanceof BadInput || error instanceof RangeError)) throw error;
      this.prober = undefined;
      this.probeProblem = error.message;
    }
    this.tell();
  }

  /** @param best these are the best weights so far @param keep they are to be kept for good */
  private async save(best = false, keep = false): Promise<void> {
    const { course, place, config, id } = this;
    const state = await place.queue.run(() => this.trainer.state());
    const { step } = state;
    const { seconds, validation } = course;
    const ended = course.isExhausted(this.head.recipe.patience);
    const kept = keep && !this.head.kept.includes(step) ? [...this.head.kept, step] : this.head.kept;
    this.head = { ...this.head, kept, progress: { step, seconds, validation, best: course.best, ended } };
    const weights = best || keep ? writeWeights(config, step, state.weights) : undefined;
    try {
      await place.store.save(id, {
        head: this.head,
        history: writeHistory(course.since()),
        last: writeCheckpoint(config, state),
        best: best ? weights : undefined,
        kept: keep ? weights : undefined,
      });
      this.rollbacks = 0;
      this.bytes = (await place.store.open(id)).bytes;
      if (this.note === NO_ROOM) this.note = undefined;
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      this.note = NO_ROOM;
    }
    this.tell();
  }

  private async leapt(what: string, { rate }: StepRecord): Promise<void> {
    const saved = readCheckpoint(this.config, await this.place.store.weights(this.id, 'last'));
    while (await this.place.queue.run(() => this.run.settle().catch(() => undefined)));
    this.course.cut(saved.step);
    this.told = fewest(this.told, this.course.counts);
    await this.place.queue.run(() => this.restart(saved));
    this.rollbacks += 1;
    const back = `${what}: the run went back to step ${saved.step}, which was saved`;
    if (this.head.recipe.onSpike === 'rollback' && this.rollbacks <= MOST_ROLLBACKS) {
      const peak = this.head.rates.at(-1)?.rate ?? this.head.recipe.rate;
      this.head = { ...this.head, rates: [...this.head.rates, { step: saved.step, rate: peak / 2 }] };
      this.note = `${back}, and goes on at half the learning rate.`;
    } else {
      this.allowed = 0;
      this.note = `${back}, and paused. Its learning rate was ${rate.toPrecision(2)}; a lower one may help.`;
      this.phase = 'paused';
    }
    this.tell();
  }

  private async restart(state: TrainerState): Promise<void> {
    this.sampler.dispose();
    this.trainer.dispose();
    this.trainer = await trainerFor(this.place, this.config, this.head, state);
    this.run = this.openRun();
    this.sampler = this.openSampler();
  }

  private openRun(): TrainingRun {
    return new TrainingRun(this.trainer, this.head.recipe, this.pictures, () => this.head.rates, this.course.step);
  }

  private openSampler(): Sampler {
    return new Sampler(this.config, this.trainer, this.head.recipe);
  }

  private openProber(): void {
    const { palette, recipe } = this.head;
    try {
      this.prober = LayerProber.of(this.pictures, Float32Array.from(palette), recipe);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      this.probeProblem = error.message;
    }
  }

  private tellSometimes(): void {
    if (performance.now() - this.toldAt > UPDATE_MS) this.tell();
  }

  private tell(): void {
    const { course, told, config, trainer, head } = this;
    const { recipe } = head;
    this.toldAt = performance.now();
    const tokens = recipe.batch * config.n_positions;
    const tokensPerSecond = course.secondsPerStep > 0 ? tokens / course.secondsPerStep : 0;
    const flops = tokensPerSecond * trainingFlops(config, recipe.objective);
    this.told = course.counts;
    this.place.onUpdate({
      info: this.info,
      from: told.step,
      news: course.since(told),
      tokensPerSecond,
      shareOfPeak: this.place.peak > 0 ? flops / this.place.peak : 0,
      bytes: trainer.bytes,
      scaling: this.scaling,
    });
  }
}

const NO_ROOM =
  'There was no room to save the run. It goes on, and what was saved before stands: delete a run or a data set.';

/** @throws RangeError for what the device cannot train */
async function trainerFor(
  { backend, left }: Pick<Place, 'backend' | 'left'>,
  config: Config,
  { recipe }: RunHead,
  state: TrainerState,
): Promise<Trainer> {
  return backend.training.trainer(config, optionsOf(recipe), state, await left());
}
