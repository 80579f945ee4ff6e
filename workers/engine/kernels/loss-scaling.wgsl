// Whether a step of f16 is taken, and by what the next gradient is multiplied so that small ones survive f16: dynamic loss
// scaling (Micikevicius et al. 2018, "Mixed Precision Training"). A gradient that is no finite number is skipped and the scale
// halved, not below 1; after PATIENCE good steps in a row it is doubled. metrics come from metrics.wgsl, of the scaled
// gradient, and leave as those of the true one. Bias is corrected for the steps that were taken, which the host cannot know.

override BETA1: f32;
override BETA2: f32;
override CLIP: f32;
override PATIENCE: f32;

struct Settings {
  rate: f32,
  c1: f32,
  c2: f32,
  step: f32, // this one, counted from 1
}

struct Scaling {
  scale: f32,
  good: f32, // steps taken since it was changed
  skipped: f32,
  taken: f32, // this step: 1, or 0 where it is skipped
  c1: f32,
  c2: f32,
}

@group(0) @binding(#) var<storage, read> settings: Settings;
@group(0) @binding(#) var<storage, read_write> metrics: array<f32>;
@group(0) @binding(#) var<storage, read_write> scaling: Scaling;

// Compilers may take it for granted that numbers are finite, so the bits are asked.
fn isFinite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// base to the power of a whole number, more exactly than pow().
fn power(base: f32, exponent: f32) -> f32 {
  var result = 1.0;
  var factor = base;
  for (var n = u32(exponent); n > 0u; n >>= 1u) {
    result = select(result, result * factor, (n & 1u) == 1u);
    factor *= factor;
  }
  return result;
}

@compute @workgroup_size(1)
fn main() {
  let scale = scaling.scale;
  let good = isFinite(metrics[1]);
  let norm = metrics[1] / scale;
  metrics[1] = norm;
  metrics[2] = min(1.0, CLIP / norm) / scale;
  scaling.taken = select(0.0, 1.0, good);
  if (good) {
    scaling.good += 1.0;
    if (scaling.good >= PATIENCE) {
      scaling.scale = scale * 2.0;
      scaling.good = 0.0;
    }
  } else {
    scaling.scale = max(1.0, scale / 2.0);
    scaling.good = 0.0;
    scaling.skipped += 1.0;
  }
  let steps = settings.step - scaling.skipped;
  scaling.c1 = 1.0 - power(BETA1, steps);
  scaling.c2 = 1.0 - power(BETA2, steps);
  metrics[5] = scaling.scale;
  metrics[6] = scaling.skipped;
}
