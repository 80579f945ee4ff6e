// Sums over rows, the gradients of biases and of the norm's gains, in an order that never changes: each of CHUNKS runs
// of EACH rows to a row of its own; called again with those as rows it gives the total.
//   out[c, n] = Σ_r a[r, n] (· b[r, n] · scale[r] with WEIGHTED), r in chunk c.  a, b [M, N], out [CHUNKS, N]

override M: u32;
override N4: u32;
override EACH: u32;

@group(0) @binding(#) var<storage, read> a: array<Stored>;
#if WEIGHTED
@group(0) @binding(#) var<storage, read> b: array<Stored>;
@group(0) @binding(#) var<storage, read> scale: array<f32>;
#end
@group(0) @binding(#) var<storage, read_write> out: array<vec4f>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) at: vec3u) {
  let n = at.x;
  if (n >= N4) {
    return;
  }
  var sum = vec4f();
  for (var r = at.y * EACH; r < min(M, (at.y + 1u) * EACH); r++) {
#if WEIGHTED
    sum = fma(vec4f(a[r * N4 + n]) * scale[r], vec4f(b[r * N4 + n]), sum);
#end
#if !WEIGHTED
    sum += vec4f(a[r * N4 + n]);
#end
  }
  out[at.y * N4 + n] = sum;
}
