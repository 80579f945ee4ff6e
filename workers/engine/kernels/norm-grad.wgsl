// Gradient of the RMS norm's input, added to the gradient that passes the norm by (the residual stream):
//   dx = carried + s · (g dy − x s² mean(g dy x)),  s = rsqrt(mean(x²) + EPS) per row
// x, dy, carried, dx [M, D], gain [D]. Also writes s [M], which the gain's gradient Σ dy x s needs (column-sum.wgsl).

override M: u32;
override D4: u32;
override EPS: f32;

@group(0) @binding(#) var<storage, read> x: array<Stored>;
@group(0) @binding(#) var<storage, read> gain: array<vec4f>;
@group(0) @binding(#) var<storage, read> dy: array<Stored>;
#if CARRIED
@group(0) @binding(#) var<storage, read> carried: array<Stored>;
#end
@group(0) @binding(#) var<storage, read_write> dx: array<Stored>;
@group(0) @binding(#) var<storage, read_write> scale: array<f32>;

@compute @workgroup_size(LANES, ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) local: vec3u) {
  meet();
  let lane = local.y * LANES + local.x;
  let row = min((group.y * groups.x + group.x) * ROWS + local.y, M - 1u); // the last ones are done twice, alike
  var squares = vec4f();
  var products = vec4f();
  for (var e = local.x; e < D4; e += LANES) {
    let value = vec4f(x[row * D4 + e]);
    squares = fma(value, value, squares);
    products = fma(gain[e] * vec4f(dy[row * D4 + e]), value, products);
  }
  let sums = sumOfPair(vec2f(dot(squares, vec4f(1.0)), dot(products, vec4f(1.0))), lane);
  let n = f32(4u * D4);
  let s = inverseSqrt(sums.x / n + EPS);
  let along = s * s * sums.y / n;
  for (var e = local.x; e < D4; e += LANES) {
    let at = row * D4 + e;
    var gradient = s * (gain[e] * vec4f(dy[at]) - along * vec4f(x[at]));
#if CARRIED
    gradient += vec4f(carried[at]);
#end
    dx[at] = stored(gradient);
  }
  if (local.x == 0u) {
    scale[row] = s;
  }
}
