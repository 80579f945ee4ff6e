// RMS norm of M rows: y = x · s · gain with s = rsqrt(mean(x²) + EPS); no mean is subtracted. x, y [M, D], gain [D].
// LANES threads share a row and put their sums together (reduce.wgsl); software adapters want 1, a GPU 32.

override M: u32;
override D4: u32;
override EPS: f32;

@group(0) @binding(#) var<storage, read> x: array<Stored>;
@group(0) @binding(#) var<storage, read> gain: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> y: array<Stored>;

@compute @workgroup_size(LANES, ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) local: vec3u) {
  meet();
  let lane = local.y * LANES + local.x;
  let row = min((group.y * groups.x + group.x) * ROWS + local.y, M - 1u); // the last ones are done twice, alike
  var squares = vec4f();
  for (var e = local.x; e < D4; e += LANES) {
    let value = vec4f(x[row * D4 + e]);
    squares = fma(value, value, squares);
  }
  let sum = sumOf(dot(squares, vec4f(1.0)), lane);
  let s = inverseSqrt(sum / f32(4u * D4) + EPS);
  for (var e = local.x; e < D4; e += LANES) {
    y[row * D4 + e] = stored(vec4f(x[row * D4 + e]) * s * gain[e]);
  }
}
