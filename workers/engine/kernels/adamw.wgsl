// AdamW over all parameters at once (Loshchilov & Hutter 2019): the four vectors have the same layout, decaying
// parameters first. m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², g clipped by metrics[2];
// w ← w (1 − rate · DECAY) − rate · (m / c₁) / (√(v / c₂) + EPS), with c = 1 − βᵗ from the settings.
// The number of workgroups is free: each thread strides. With SCALED the corrections come from loss-scaling.wgsl, and nothing
// changes in a step that it skips; the weights' copy in f16 is written along.

override SIZE4: u32;
override DECAYED4: u32;
override BETA1: f32;
override BETA2: f32;
override EPS: f32;
override DECAY: f32;

struct Settings {
  rate: f32,
  c1: f32,
  c2: f32,
}

@group(0) @binding(#) var<storage, read> settings: Settings;
@group(0) @binding(#) var<storage, read> metrics: array<f32>;
@group(0) @binding(#) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> mean: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> square: array<vec4f>;
#if SCALED
@group(0) @binding(#) var<storage, read> scaling: array<f32>;
@group(0) @binding(#) var<storage, read_write> halves: array<Stored>;
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(num_workgroups) groups: vec3u) {
#if SCALED
  if (scaling[3] == 0.0) {
    return;
  }
  let c1 = scaling[4];
  let c2 = scaling[5];
#end
#if !SCALED
  let c1 = settings.c1;
  let c2 = settings.c2;
#end
  let scale = metrics[2];
  let rate = settings.rate;
  for (var i = at.x; i < SIZE4; i += groups.x * 64u) {
    let g = gradient[i] * scale;
    let m = BETA1 * mean[i] + (1.0 - BETA1) * g;
    let v = BETA2 * square[i] + (1.0 - BETA2) * g * g;
    mean[i] = m;
    square[i] = v;
    let kept = select(1.0, 1.0 - rate * DECAY, i < DECAYED4);
    let weight = weights[i] * kept - rate * (m / c1) / (sqrt(v / c2) + EPS);
    weights[i] = weight;
#if SCALED
    halves[i] = stored(weight);
#end
  }
}
