// RMS norm of M rows: y = x · s · gain with s = rsqrt(mean(x²) + EPS); no mean is subtracted. x, y [M, D], gain [D].
// LANES threads share a row and join their sums in shared memory; software adapters want 1, a GPU 32.

override M: u32;
override D4: u32;
override EPS: f32;

@group(0) @binding(#) var<storage, read> x: array<Stored>;
@group(0) @binding(#) var<storage, read> gain: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> y: array<Stored>;

#if SPLIT
var<workgroup> part: array<f32, LANES * ROWS>;
#end

@compute @workgroup_size(LANES, ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = min(group.x * ROWS + local.y, M - 1u); // the last ones are done twice, alike
  var squares = vec4f();
  for (var e = local.x; e < D4; e += LANES) {
    let value = vec4f(x[row * D4 + e]);
    squares = fma(value, value, squares);
  }
  var sum = dot(squares, vec4f(1.0));
#if SPLIT
  part[local.y * LANES + local.x] = sum;
  workgroupBarrier();
  sum = 0.0;
  for (var i = 0u; i < LANES; i++) {
    sum += part[local.y * LANES + i];
  }
#end
  let s = inverseSqrt(sum / f32(4u * D4) + EPS);
  for (var e = local.x; e < D4; e += LANES) {
    y[row * D4 + e] = stored(vec4f(x[row * D4 + e]) * s * gain[e]);
  }
}
