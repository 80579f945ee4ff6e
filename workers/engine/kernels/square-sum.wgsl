// Sum of squares of a long vector, the first of two stages: each of GROUPS workgroups sums a run of its own, in an order
// that never changes. x [4 · SIZE4], out [GROUPS].

override SIZE4: u32;

@group(0) @binding(#) var<storage, read> x: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> out: array<f32>;

var<workgroup> part: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let each = (SIZE4 + GROUPS - 1u) / GROUPS;
  let begin = group.x * each;
  let end = min(SIZE4, begin + each);
  var sum = vec4f();
  for (var i = begin + lane; i < end; i += 64u) {
    sum = fma(x[i], x[i], sum);
  }
  part[lane] = dot(sum, vec4f(1.0));
  workgroupBarrier();
  if (lane == 0u) {
    var total = 0.0;
    for (var i = 0u; i < 64u; i++) {
      total += part[i];
    }
    out[group.x] = total;
  }
}
