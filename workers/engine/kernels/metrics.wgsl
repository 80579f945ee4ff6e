// What a step is reported by: metrics = [loss, gradient norm, factor that clips the norm to CLIP, the classes' loss, accuracy].
// losses [M] and told [B] from class-entropy.wgsl, each already weighted; squares [GROUPS] from square-sum.wgsl. One workgroup, in an order that never changes.

override M: u32;
override CLIP: f32;
override B: u32;

@group(0) @binding(#) var<storage, read> losses: array<f32>;
#if GRADIENT
@group(0) @binding(#) var<storage, read> squares: array<f32>;
#end
#if CLASSES
@group(0) @binding(#) var<storage, read> told: array<vec2f>;
#end
@group(0) @binding(#) var<storage, read_write> metrics: array<f32>;

var<workgroup> part: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < M; i += 64u) {
    sum += losses[i];
  }
  part[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var loss = 0.0;
    for (var i = 0u; i < 64u; i++) {
      loss += part[i];
    }
    metrics[0] = loss;
#if GRADIENT
    var total = 0.0;
    for (var i = 0u; i < GROUPS; i++) {
      total += squares[i];
    }
    let norm = sqrt(total);
    metrics[1] = norm;
    metrics[2] = min(1.0, CLIP / norm);
#end
#if CLASSES
    var judged = vec2f();
    for (var b = 0u; b < B; b++) {
      judged += told[b];
    }
    metrics[3] = judged.x;
    metrics[4] = judged.y;
#end
  }
}
