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
 * Greedy, in order of first use: the smallest free slab that is large enough, else the largest free one, which grows.
 * No two temporaries that are alive at once share a slab.
 */
export function place<T>(lifetimes: Map<T, Lifetime>): Placement<T> {
  const slabs: { bytes: number; until: number }[] = [];
  const slabOf = new Map<T, number>();
  const inOrder = [...lifetimes].sort(([, a], [, b]) => a.first - b.first || b.bytes - a.bytes);
  for (const [item, { first, last, bytes }] of inOrder) {
    const free = slabs.filter(({ until }) => until < first).sort((a, b) => a.bytes - b.bytes);
    let slab = free.find((s) => s.bytes >= bytes) ?? free.at(-1);
    if (!slab) {
      slab = { bytes: 0, until: -1 };
      slabs.push(slab);
    }
    slab.bytes = Math.max(slab.bytes, bytes);
    slab.until = last;
    slabOf.set(item, slabs.indexOf(slab));
  }
  return { slabs: slabs.map(({ bytes }) => bytes), slabOf };
}
