/**
 * Which temporaries can share memory. Each is given a slab, a buffer of its own, for its lifetime; slabs are handed on.
 * Slabs rather than offsets into one buffer, because WebGPU forbids one dispatch to read and write the same buffer
 * through different bindings.
 */

export interface Lifetime {
  /** Indices of the first and last dispatch that use it, both included. */
  first: number;
  last: number;
  bytes: number;
}

export interface Placement<T> {
  /** Bytes of every slab. */
  slabs: number[];
  slabOf: Map<T, number>;
}

/**
 * Greedy by size (Pisarchyk & Lee 2020, "Efficient Memory Management for Deep Neural Net Inference"): the largest first,
 * each into the smallest slab that is free for its whole lifetime, so that no slab ever grows and nothing small and
 * long-lived blocks a large one. No two temporaries that are alive at once share a slab.
 */
export function place<T>(lifetimes: Map<T, Lifetime>): Placement<T> {
  const slabs: { bytes: number; taken: Lifetime[] }[] = [];
  const slabOf = new Map<T, number>();
  const largestFirst = [...lifetimes].sort(([, a], [, b]) => b.bytes - a.bytes || a.first - b.first);
  for (const [item, life] of largestFirst) {
    const free = slabs.filter(({ taken }) => taken.every((t) => t.last < life.first || life.last < t.first));
    // Slabs come into being from large to small, so the last that is free fits best.
    let slab = free.at(-1);
    if (!slab) {
      slab = { bytes: life.bytes, taken: [] };
      slabs.push(slab);
    }
    slab.taken.push(life);
    slabOf.set(item, slabs.indexOf(slab));
  }
  return { slabs: slabs.map(({ bytes }) => bytes), slabOf };
}
