// Means over the positions of each picture, in an order that never changes: out[b] = Σ_t x[b, t] / T.
// x [B, T, D], out [B, D]. A workgroup serves COLUMNS of a picture; LANES share its positions.

override T: u32;
override D4: u32;

@group(0) @binding(#) var<storage, read> x: array<Stored>;
@group(0) @binding(#) var<storage, read_write> out: array<vec4f>;

#if SPLIT
var<workgroup> part: array<vec4f, COLUMNS * LANES>;
#end

@compute @workgroup_size(COLUMNS, LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let e = min(group.y * COLUMNS + local.x, D4 - 1u); // the last ones are done twice, alike
  var sum = vec4f();
  for (var t = local.y; t < T; t += LANES) {
    sum += vec4f(x[(group.x * T + t) * D4 + e]);
  }
#if SPLIT
  part[local.y * COLUMNS + local.x] = sum;
  workgroupBarrier();
  sum = vec4f();
  for (var i = 0u; i < LANES; i++) {
    sum += part[i * COLUMNS + local.x];
  }
#end
  if (local.y == 0u) {
    out[group.x * D4 + e] = sum / f32(T);
  }
}
