/** What is kept here and cannot be read: damaged, or of a newer version of this page. It is left alone. */
import { DatasetStore } from './datasets.ts';
import type { PrivateFiles } from './files.ts';
import { ModelStore } from './models.ts';
import { RunStore } from './runs.ts';

export async function countUnreadable(files: PrivateFiles): Promise<number> {
  let count = 0;
  for (const Store of [DatasetStore, ModelStore, RunStore]) {
    // Listing sweeps away what crashes left, so the rest of the folders is what cannot be read, or is being written.
    const listed = new Set((await new Store(files).list()).map(({ id }) => id));
    for (const id of await files.folders(Store.root)) {
      if (!listed.has(id) && (await files.size(`${Store.root}/${id}/${Store.about}`)) !== undefined) count += 1;
    }
  }
  return count;
}
