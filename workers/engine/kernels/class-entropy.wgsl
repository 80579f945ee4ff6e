// Softmax and cross-entropy of few rows of any width, a thread a row: told[r] = (w (log Σ exp(l) − l[label]), w if the largest
// logit, the first of equal ones, is the label's, else 0) and, with GRADIENT, the logits become their gradient
// w (softmax(l) − onehot(label)) in place, with SCALED times the loss scale. logits [B, C], labels [B], weights w [B], told [B].

override B: u32;
override C: u32;

#if GRADIENT
@group(0) @binding(#) var<storage, read_write> logits: array<f32>;
#end
#if !GRADIENT
@group(0) @binding(#) var<storage, read> logits: array<f32>;
#end
@group(0) @binding(#) var<storage, read> labels: array<u32>;
@group(0) @binding(#) var<storage, read> weights: array<f32>;
@group(0) @binding(#) var<storage, read_write> told: array<vec2f>;
#if SCALED
@group(0) @binding(#) var<storage, read> scaling: array<f32>; // as loss-scaling.wgsl
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
  let row = at.x;
  if (row >= B) {
    return;
  }
  let first = row * C;
  var likeliest = 0u;
  for (var c = 1u; c < C; c++) {
    if (logits[first + c] > logits[first + likeliest]) {
      likeliest = c;
    }
  }
  let maximum = logits[first + likeliest];
  var sum = 0.0;
  for (var c = 0u; c < C; c++) {
    sum += exp(logits[first + c] - maximum);
  }
  let whole = maximum + log(sum);
  let label = labels[row];
  let weight = weights[row];
  told[row] = vec2f(weight * (whole - logits[first + label]), select(0.0, weight, likeliest == label));
#if GRADIENT
  var scale = weight;
#if SCALED
  scale *= scaling[0];
#end
  for (var c = 0u; c < C; c++) {
    logits[first + c] = scale * exp(logits[first + c] - whole);
  }
  logits[first + label] -= scale;
#end
}
