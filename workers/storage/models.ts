/**
 * Models of the visitor's own in the private file system. Each has a folder: its files as they came, and about.json, which
 * is written last. The files come into being under aside/ and are moved when they are whole; a folder without about.json is
 * what a crash left, and is swept away.
 */
import * as v from 'valibot';
import type { IncomingFile, KeptModel } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { createdAfter } from './created.ts';
import { NoRoom, type PrivateFiles, replaceFile } from './files.ts';
import { checkId, checkName, MAX_NAME, newId } from './names.ts';

const ROOT = 'models';
const ASIDE = 'models-aside';
const ABOUT = 'about.json';
const VERSION = 1;

const Whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const About = v.object({
  version: v.literal(VERSION),
  name: v.string(),
  side: Whole,
  parameters: Whole,
  /** Milliseconds since 1970. */
  created: v.number(),
  files: v.array(v.object({ name: v.pipe(v.string(), v.regex(/^[\w.-]+$/)), bytes: Whole })),
});
type About = v.InferOutput<typeof About>;

/** A file that is to be kept, in pieces. */
export interface ModelFile {
  name: string;
  stream(): AsyncIterable<Uint8Array>;
}

export class ModelStore {
  /** Where they lie, and what says what each of them is. */
  static readonly root = ROOT;
  static readonly about = ABOUT;

  constructor(private readonly files: PrivateFiles) {}

  /** The newest first. A damaged one, or one of a newer version, is left alone and not listed. */
  async list(): Promise<KeptModel[]> {
    const found: KeptModel[] = [];
    for (const id of await this.files.folders(ROOT)) {
      if ((await this.files.size(`${ROOT}/${id}/${ABOUT}`)) === undefined) await this.sweep(`${ROOT}/${id}`, id);
      else {
        const about = await this.about(id).catch(() => undefined);
        if (about && (await this.isWhole(id, about))) found.push(info(id, about));
      }
    }
    for (const id of await this.files.folders(ASIDE)) await this.sweep(`${ASIDE}/${id}`, id);
    return found.sort((a, b) => b.created - a.created);
  }

  /**
   * Stores a model's files. Whatever goes wrong, nothing of it stays; what a file's stream throws is thrown on.
   * @throws BadInput if there is no room
   */
  async add(model: Pick<KeptModel, 'name' | 'side' | 'parameters'>, parts: ModelFile[]): Promise<KeptModel> {
    const id = newId();
    const added = await this.files.exclusively(lockOf(id), async () => {
      try {
        return await this.write(id, model, parts);
      } catch (error) {
        for (const root of [ROOT, ASIDE]) await this.files.remove(`${root}/${id}`);
        if (!(error instanceof NoRoom)) throw error;
        throw new BadInput(
          `There is no room for "${model.name}" in the browser's storage, so it can be used only until this page is closed: ` +
            'delete a model, a run or a data set, or free some of the disk, and open it again.',
        );
      }
    });
    return added!;
  }

  /** @throws BadInput if it is gone or damaged. */
  async open(id: string): Promise<IncomingFile[]> {
    const about = await this.about(id);
    if (!(await this.isWhole(id, about))) {
      throw new BadInput(`The model "${about.name}" is damaged: delete it and open its files again.`);
    }
    return Promise.all(
      about.files.map(async ({ name }) => ({ path: name, file: await this.files.file(`${place(id)}/${name}`) })),
    );
  }

  /** @throws BadInput if the name is empty or too long, there is no room, or the model is gone. */
  async rename(id: string, name: string): Promise<KeptModel> {
    const trimmed = checkName('A model', name);
    const about = { ...(await this.about(id)), name: trimmed };
    await this.tell(id, about).catch((error) => {
      throw error instanceof NoRoom
        ? new BadInput("There is no room in the browser's storage, not even for a name.")
        : error;
    });
    return info(id, about);
  }

  /** about.json goes first: from then on it is no model any more. */
  async remove(id: string): Promise<void> {
    await this.files.remove(`${place(id)}/${ABOUT}`);
    await this.files.remove(place(id));
  }

  private async write(
    id: string,
    { name, side, parameters }: Pick<KeptModel, 'name' | 'side' | 'parameters'>,
    parts: ModelFile[],
  ): Promise<KeptModel> {
    const files: About['files'] = [];
    for (const part of parts) {
      const writer = await this.files.create(`${ASIDE}/${id}/${part.name}`);
      let bytes = 0;
      try {
        for await (const chunk of part.stream()) {
          await writer.write(chunk);
          bytes += chunk.length;
        }
      } finally {
        await writer.close();
      }
      files.push({ name: part.name, bytes });
    }
    for (const file of files) {
      await this.files.move(`${ASIDE}/${id}/${file.name}`, `${place(id)}/${file.name}`);
    }
    const about: About = {
      version: VERSION,
      name: name.slice(0, MAX_NAME),
      side,
      parameters,
      created: createdAfter(await this.list()),
      files,
    };
    await this.tell(id, about);
    await this.files.remove(`${ASIDE}/${id}`);
    return info(id, about);
  }

  private tell(id: string, about: About): Promise<void> {
    return replaceFile(this.files, `${place(id)}/${ABOUT}`, new TextEncoder().encode(JSON.stringify(about)));
  }

  /** @throws BadInput if it is gone or cannot be read. */
  private async about(id: string): Promise<About> {
    const bytes = await this.files.read(`${place(id)}/${ABOUT}`).catch(() => undefined);
    if (!bytes) throw new BadInput('This model is no longer there: it was deleted, perhaps in another tab.');
    try {
      return v.parse(About, JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      throw new BadInput('This model was kept by another version of this page and cannot be read.');
    }
  }

  private async isWhole(id: string, { files }: About): Promise<boolean> {
    const sizes = await Promise.all(files.map(({ name }) => this.files.size(`${place(id)}/${name}`)));
    return files.every(({ bytes }, i) => sizes[i] === bytes);
  }

  /** Removes what no other tab is writing. */
  private async sweep(path: string, id: string): Promise<void> {
    await this.files.exclusively(lockOf(id), () => this.files.remove(path));
  }
}

const lockOf = (id: string) => `model ${id}`;

/** @throws BadInput for an id that cannot be */
const place = (id: string): string => `${ROOT}/${checkId('model', id)}`;

const info = (id: string, { name, side, parameters, created, files }: About): KeptModel => ({
  id,
  name,
  side,
  parameters,
  created,
  bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
});
