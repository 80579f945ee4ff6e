// The same product as matmul.wgsl for sizes that are no multiples of 4: one thread, one entry of C.

override M: u32;
override N: u32;
override K: u32;

@group(0) @binding(#) var<storage, read> a: array<f32>;
@group(0) @binding(#) var<storage, read> b: array<f32>;
#if BIAS
@group(0) @binding(#) var<storage, read> bias: array<f32>;
#end
#if EXTRA
@group(0) @binding(#) var<storage, read> extra: array<f32>;
#end
@group(0) @binding(#) var<storage, read_write> c: array<f32>;
#if ACTIVATED
@group(0) @binding(#) var<storage, read_write> activated: array<f32>;
#end

fn quickGeluGrad(x: f32) -> f32 {
  let s = 1.0 / (1.0 + exp(-1.702 * x));
  return s * (1.0 + 1.702 * x * (1.0 - s));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.y >= M || at.x >= N) {
    return;
  }
  var y = 0.0;
  for (var k = 0u; k < K; k++) {
#if TRANS_A
    let x = a[k * M + at.y];
#end
#if !TRANS_A
    let x = a[at.y * K + k];
#end
#if TRANS_B
    y = fma(x, b[at.x * K + k], y);
#end
#if !TRANS_B
    y = fma(x, b[k * N + at.x], y);
#end
  }
  let i = at.y * N + at.x;
#if BIAS
  y += bias[at.x];
#end
#if RESIDUAL
  y += extra[i];
#end
#if GELU_GRAD
  y *= quickGeluGrad(extra[i]);
#end
  c[i] = y;
#if ACTIVATED
  activated[i] = y / (1.0 + exp(-1.702 * y));
#end
}
