/** A part of the lab whose code is loaded with the first call of it. */
import { BadInput } from '../errors.ts';

/**
 * What is made of a module that is loaded once. A load that fails is said in a sentence, and tried again by the next call.
 * @param what the part does, as in "The part of this page that reads data"
 */
export function lazily<M, T>(what: string, load: () => Promise<M>, make: (module: M) => T): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().then(make, () => {
      loading = undefined;
      throw new BadInput(`The part of this page that ${what} could not be loaded: is the connection down?`);
    });
    return loading;
  };
}
