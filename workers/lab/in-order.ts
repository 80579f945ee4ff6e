/**
 * Answers that come after what was reported. Comlink gives each callback a message port of its own, and messages of two
 * ports may overtake each other: in WebKit a page then learns that a probe has ended before it has the last layers.
 */

type Method = (...values: unknown[]) => Promise<unknown>;

/** The same object, each of whose methods settles only when the page has taken all calls of its callbacks so far. */
export function inOrder<T extends object>(lab: T): T {
  const methods = Object.entries(lab).map(([name, method]) => [name, afterCallbacks(method)]);
  return Object.fromEntries(methods);
}

function afterCallbacks(method: Method): Method {
  return async (...values) => {
    const underWay = new Set<Promise<unknown>>();
    const watched = (callback: Method): Method => {
      return (...reported) => {
        // One that fails has been taken too; what it threw is the caller's.
        const taken = callback(...reported);
        const settled: Promise<unknown> = taken.catch(() => {}).then(() => underWay.delete(settled));
        underWay.add(settled);
        return taken;
      };
    };
    try {
      return await method(...values.map((value) => (typeof value === 'function' ? watched(value as Method) : value)));
    } finally {
      await Promise.all(underWay);
    }
  };
}
