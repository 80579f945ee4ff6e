// Gradient of a table whose rows were looked up: dtable[k] = Σ dh[r] over the rows r that used entry k, in an order that
// never changes and without atomics: `order` lists the rows sorted by entry, entry k's from starts[k] to starts[k + 1].
// dh [M, D], order [M], starts [K + 1], dtable [K, D]. A workgroup an entry; LANES share its rows.

override D4: u32;

@group(0) @binding(#) var<storage, read> dh: array<Stored>;
@group(0) @binding(#) var<storage, read> order: array<u32>;
@group(0) @binding(#) var<storage, read> starts: array<u32>;
@group(0) @binding(#) var<storage, read_write> dtable: array<vec4f>;

#if SPLIT
var<workgroup> part: array<vec4f, COLUMNS * LANES>;
#end

@compute @workgroup_size(COLUMNS, LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let entry = group.x;
  for (var e0 = 0u; e0 < D4; e0 += COLUMNS) {
    let e = min(e0 + local.x, D4 - 1u); // the last ones are done twice, alike
    var sum = vec4f();
    for (var i = starts[entry] + local.y; i < starts[entry + 1u]; i += LANES) {
      sum += vec4f(dh[order[i] * D4 + e]);
    }
#if SPLIT
    part[local.y * COLUMNS + local.x] = sum;
    workgroupBarrier();
    if (local.y == 0u) {
      for (var i = 1u; i < LANES; i++) {
        sum += part[i * COLUMNS + local.x];
      }
      dtable[entry * D4 + e] = sum;
    }
    workgroupBarrier();
#end
#if !SPLIT
    dtable[entry * D4 + e] = sum;
#end
  }
}
