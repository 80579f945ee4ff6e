// Softmax and cross-entropy of M rows in one kernel (after llm.c's fused classifier): loss[r] = w (log Σ exp(l) − l[target])
// and, with GRADIENT, the logits become SCALE times their gradient w (softmax(l) − onehot(target)) in place, with SCALED
// times the loss scale as well.
// logits [M, V], targets [M], weights w [M], loss [M]. LANES threads share a row.

override M: u32;
override V4: u32;
override SCALE: f32;

#if GRADIENT
@group(0) @binding(#) var<storage, read_write> logits: array<Stored>;
#end
#if !GRADIENT
@group(0) @binding(#) var<storage, read> logits: array<Stored>;
#end
@group(0) @binding(#) var<storage, read> targets: array<u32>;
@group(0) @binding(#) var<storage, read> weights: array<f32>;
@group(0) @binding(#) var<storage, read_write> loss: array<f32>;
#if SCALED
@group(0) @binding(#) var<storage, read> scaling: array<f32>; // as loss-scaling.wgsl
#end

@compute @workgroup_size(LANES, ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) local: vec3u) {
  meet();
  let lane = local.y * LANES + local.x;
  // Rows beyond the last must not be done twice: the logits change in place.
  let row = (group.y * groups.x + group.x) * ROWS + local.y;
  let there = row < M;
  let first = row * V4;
  let end = select(0u, V4, there);
  var highest = vec4f(-3.0e38);
  for (var v = local.x; v < end; v += LANES) {
    highest = max(highest, vec4f(logits[first + v]));
  }
  let maximum = maximumOf(max(max(highest.x, highest.y), max(highest.z, highest.w)), lane);
  var sums = vec4f();
  for (var v = local.x; v < end; v += LANES) {
    sums += exp(vec4f(logits[first + v]) - maximum);
  }
  let sum = sumOf(dot(sums, vec4f(1.0)), lane);
  if (!there) {
    return;
  }
  let whole = maximum + log(sum);
  let target_ = targets[row];
  let weight = weights[row];
  if ((target_ / 4u) % LANES == local.x) {
    // Nobody else changes this quad.
    loss[row] = weight * (whole - f32(logits[first + target_ / 4u][target_ % 4u]));
  }
#if GRADIENT
  var scale = SCALE * weight;
#if SCALED
  scale *= scaling[0];
#end
  for (var v = local.x; v < V4; v += LANES) {
    let wanted = select(vec4f(), vec4f(1.0), v * 4u + vec4u(0u, 1u, 2u, 3u) == vec4u(target_));
    logits[first + v] = stored(scale * (exp(vec4f(logits[first + v]) - whole) - wanted));
  }
#end
}
