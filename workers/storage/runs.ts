/**
 * Training runs in the private file system. A run is a folder:
 *
 *   about.json              what it is, and how far it was when this was written
 *   history.safetensors     every step's figures, validations, samples
 *   last.safetensors        weights and AdamW's moments, to go on from
 *   best.safetensors        the weights that judged best
 *   step-<n>.safetensors    weights kept on the way
 *
 * Each file is written aside and moved into place, in the order history, kept weights, last, about. So a crash at any byte
 * leaves a whole run: what is ahead of last.safetensors is void. A folder without about.json is what a crash left of a
 * run that was being made, and is swept away. What the files hold is the business of formats/.
 */
import type { WhichWeights } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { type RunHead, readHead, writeHead } from '../formats/run-head.ts';
import { createdAfter } from './created.ts';
import { NoRoom, type PrivateFiles, replaceFile } from './files.ts';
import { checkId, checkName, newId } from './names.ts';

const ROOT = 'runs';
const ABOUT = 'about.json';
const HISTORY = 'history.safetensors';
const LAST = 'last.safetensors';
const BEST = 'best.safetensors';
const keptFile = (step: number) => `step-${step}.safetensors`;

export interface StoredRun {
  id: string;
  head: RunHead;
  bytes: number;
}

/** What a run is saved as. Files that are left out stay as they are. */
export interface RunFiles {
  head: RunHead;
  history: Uint8Array;
  last: Uint8Array;
  best?: Uint8Array;
  /** Weights to keep, of the step that head.kept ends with. */
  kept?: Uint8Array;
}

export class RunStore {
  /** Where they lie, and what says what each of them is. */
  static readonly root = ROOT;
  static readonly about = ABOUT;

  constructor(private readonly files: PrivateFiles) {}

  /** The newest first. A run that cannot be read, of a newer version perhaps, is left alone and not listed. */
  async list(): Promise<StoredRun[]> {
    const found: StoredRun[] = [];
    for (const id of await this.files.folders(ROOT)) {
      if ((await this.files.size(`${place(id)}/${ABOUT}`)) === undefined) await this.sweep(id);
      else {
        const run = await this.open(id).catch(() => undefined);
        if (run) found.push(run);
      }
    }
    return found.sort((a, b) => b.head.created - a.head.created);
  }

  /** @throws BadInput if it is gone or cannot be read. */
  async open(id: string): Promise<StoredRun> {
    const bytes = await this.files.read(`${place(id)}/${ABOUT}`).catch(() => undefined);
    if (!bytes) throw new BadInput('This run is no longer there: it was deleted, perhaps in another tab.');
    const head = readHead(bytes);
    const sizes = await Promise.all(filesOf(head).map((name) => this.files.size(`${place(id)}/${name}`)));
    return { id, head, bytes: sizes.reduce((sum: number, size) => sum + (size ?? 0), 0) };
  }

  /** @throws BadInput if there is no room; nothing of it stays then. */
  async create(run: RunFiles): Promise<string> {
    const head = { ...run.head, created: await this.createdNow() };
    return this.make((id) => this.save(id, { ...run, head }));
  }

  /** @throws NoRoom; what was saved before stands. */
  async save(id: string, { head, history, last, best, kept }: RunFiles): Promise<void> {
    const put = (name: string, bytes: Uint8Array) => replaceFile(this.files, `${place(id)}/${name}`, bytes);
    await put(HISTORY, history);
    if (best) await put(BEST, best);
    if (kept) await put(keptFile(head.kept.at(-1)!), kept);
    await put(LAST, last);
    await put(ABOUT, writeHead(head));
  }

  /** @throws BadInput if it is gone. */
  history(id: string): Promise<Uint8Array> {
    return this.files.read(`${place(id)}/${HISTORY}`).catch(() => {
      throw new BadInput('The history of this run is missing: the run is damaged, or was deleted in another tab.');
    });
  }

  /** The file that has these weights. @throws BadInput if there is none. */
  async weights(id: string, which: WhichWeights): Promise<Uint8Array> {
    const name = which === 'last' ? LAST : which === 'best' ? BEST : keptFile(which);
    const bytes = await this.files.read(`${place(id)}/${name}`).catch(() => undefined);
    if (bytes) return bytes;
    throw new BadInput(`This run has kept no weights of ${typeof which === 'number' ? `step ${which}` : 'that kind'}.`);
  }

  /** @throws BadInput if the name cannot be, or there is no room. */
  async rename(id: string, name: string): Promise<StoredRun> {
    const { head } = await this.open(id);
    return this.tell(id, { ...head, name: checkName('A run', name) });
  }

  /** @throws BadInput if there is no room; nothing of it stays then. */
  async duplicate(id: string, name: string): Promise<string> {
    const { head } = await this.open(id);
    const copy = await this.archive(id);
    return this.restore(new Map([...copy, [ABOUT, writeHead({ ...head, name, created: await this.createdNow() })]]));
  }

  /** about.json goes first: from then on it is no run any more. */
  async remove(id: string): Promise<void> {
    await this.files.remove(`${place(id)}/${ABOUT}`);
    await this.files.remove(place(id));
  }

  /** Every file of a run by its name. @throws BadInput if it is gone. */
  async archive(id: string): Promise<Map<string, Uint8Array>> {
    const { head } = await this.open(id);
    const files = new Map<string, Uint8Array>();
    for (const name of filesOf(head)) {
      const bytes = await this.files.read(`${place(id)}/${name}`).catch(() => undefined);
      if (bytes) files.set(name, bytes);
    }
    return files;
  }

  /**
   * A new run of the files of one that was archived.
   * @throws BadInput if one is missing, or there is no room; nothing of it stays then.
   */
  async restore(files: Map<string, Uint8Array>): Promise<string> {
    const about = files.get(ABOUT);
    if (!about) throw new BadInput(`This is no archive of a run: it has no ${ABOUT}.`);
    const head = readHead(about);
    const missing = [HISTORY, LAST, ...head.kept.map(keptFile)].find((name) => !files.has(name));
    if (missing) throw new BadInput(`The archive of the run lacks ${missing}.`);
    return this.make(async (id) => {
      // about.json is the first of them and is written last.
      for (const name of filesOf(head).reverse()) {
        const bytes = files.get(name);
        if (bytes) await replaceFile(this.files, `${place(id)}/${name}`, bytes);
      }
    });
  }

  /** Runs a job that has the run for itself, in every tab; undefined if it is taken. */
  exclusively<T>(id: string, job: () => Promise<T>): Promise<T | undefined> {
    return this.files.exclusively(`run ${id}`, job);
  }

  /** A new run, which no other tab takes for what a crash left; nothing of it stays if it cannot be written. */
  private async make(write: (id: string) => Promise<void>): Promise<string> {
    const id = newId();
    await this.exclusively(id, async () => {
      try {
        await write(id);
      } catch (error) {
        await this.files.remove(place(id));
        throw error instanceof NoRoom ? noRoom() : error;
      }
    });
    return id;
  }

  private async createdNow(): Promise<number> {
    return createdAfter((await this.list()).map(({ head }) => head));
  }

  private async tell(id: string, head: RunHead): Promise<StoredRun> {
    await replaceFile(this.files, `${place(id)}/${ABOUT}`, writeHead(head)).catch((error) => {
      throw error instanceof NoRoom ? noRoom() : error;
    });
    return this.open(id);
  }

  /** Removes what no other tab is writing. */
  private async sweep(id: string): Promise<void> {
    await this.exclusively(id, () => this.files.remove(place(id)));
  }
}

const filesOf = ({ kept, progress }: RunHead): string[] => [
  ABOUT,
  HISTORY,
  LAST,
  ...(progress.best ? [BEST] : []),
  ...kept.map(keptFile),
];

const noRoom = () =>
  new BadInput(
    "There is no room for this run in the browser's storage: delete a run or a data set, or free some of the disk.",
  );

/** @throws BadInput for an id that cannot be */
const place = (id: string): string => `${ROOT}/${checkId('run', id)}`;
