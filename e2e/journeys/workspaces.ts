/** The workspaces as the journeys use them: their parts by their names. */

import { expect } from '@playwright/test';
import type { Part, Visit } from './visit.ts';

/** How long work may take on a busy machine, in milliseconds. */
export const WORK = 90_000;

export class CompleteWorkspace {
  readonly drawing: Part;
  readonly cards: Part;
  readonly model: (name: string) => Part;

  constructor(readonly visit: Visit) {
    this.drawing = visit.find('region', 'Pixel editor').find('application');
    this.cards = visit.find('application', /^Completion \d+\./);
    this.model = (name) => visit.find('button', `Model: ${name}`);
  }

  /** Opens it with the settings of a link, e.g. "n=2&seed=5", and waits for the completion that it makes by itself. */
  async open(settings = ''): Promise<void> {
    await this.visit.goto(`#complete?${settings}`);
    await this.completed();
  }

  async completed(): Promise<void> {
    await this.visit.find('status').says('Done in', WORK);
  }

  /** Completes the drawing as it is. */
  async run(): Promise<void> {
    await this.visit.find('button', 'Complete').click();
    await this.completed();
  }

  /** The colours of all completions, in their order. */
  async completions(): Promise<string[][]> {
    const count = await this.cards.count();
    return Promise.all(
      Array.from({ length: count }, (_, i) =>
        this.visit.find('application', new RegExp(`^Completion ${i + 1}\\.`)).colours(),
      ),
    );
  }
}

export class TrainWorkspace {
  readonly data: Part;
  readonly setup: Part;
  readonly run: Part;
  readonly all: Part;
  readonly goOn: Part;

  constructor(readonly visit: Visit) {
    this.data = visit.find('region', 'Data');
    this.setup = visit.find('region', 'Model and recipe');
    this.run = visit.find('region', 'Run');
    this.all = visit.find('region', 'All runs');
    this.goOn = this.run.find('button', 'Go on');
  }

  /** @param settings of a link, e.g. "backend=wasm" */
  async open(settings = ''): Promise<void> {
    await this.visit.goto(`#train?${settings}`);
    await this.data.find('button', 'Choose files').appears(WORK);
  }

  /** Adds files of this machine as a data set and waits until some of its pictures are seen. */
  async add(...paths: string[]): Promise<void> {
    await this.data.input('Data files').setFiles(...paths);
    await this.data.find('img', /^\d+ pictures of/).appears(WORK);
  }

  /** Chooses a size and writes numbers into the fields of the recipe. */
  async prepare(size: string, fields: Record<string, number>): Promise<void> {
    await this.setup.input('Size of the model').choose(size);
    await this.setup.find('button', 'Recipe').click();
    for (const [name, value] of Object.entries(fields)) await this.setup.find('textbox', name).fill(value);
  }

  async start(): Promise<void> {
    await this.run.find('button', 'Start training').click();
    await this.run.find('button', 'Pause').appears(WORK);
  }

  /** Steps taken, as the page says. */
  async step(): Promise<number> {
    const [, step] = /^Step ([\d,]+) of/m.exec(await this.run.read()) ?? [];
    return step === undefined ? 0 : Number(step.replaceAll(',', ''));
  }

  async reaches(step: number): Promise<void> {
    await expect.poll(() => this.step(), { timeout: WORK, message: 'steps taken' }).toBeGreaterThanOrEqual(step);
  }

  /** Pauses and returns the steps taken. */
  async pause(): Promise<number> {
    await this.run.find('button', 'Pause').click();
    await this.goOn.appears(WORK);
    return this.step();
  }

  /** A figure by its name, e.g. "Training loss"; NaN where there is none yet. */
  async figure(name: string): Promise<number> {
    const lines = (await this.run.read()).split('\n');
    return Number.parseFloat(lines[lines.indexOf(name) + 1]?.replaceAll(',', ''));
  }

  /** The course of a run as the page gives it to a spreadsheet: rows of numbers by their names. */
  async metrics(name: string): Promise<Record<string, number>[]> {
    const { bytes } = await this.visit.tab.download(() => this.act(name, 'Metrics as CSV'));
    const [head, ...rows] = new TextDecoder()
      .decode(bytes)
      .trim()
      .split('\n')
      .map((row) => row.split(','));
    return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i], Number(cell)])));
  }

  async act(name: string, action: string): Promise<void> {
    await this.all.find('button', `Actions for ${name}`).click();
    await this.visit.find('menuitem', action).click();
  }
}
