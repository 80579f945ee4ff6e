// Gradient of the positions: dwpe[t] = Σ_b dh[b, t]. dh [B, T, D], dwpe [T, D].

override B: u32;
override SIZE4: u32; // T · D / 4

@group(0) @binding(#) var<storage, read> dh: array<Stored>;
@group(0) @binding(#) var<storage, read_write> dwpe: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= SIZE4) {
    return;
  }
  var sum = vec4f();
  for (var b = 0u; b < B; b++) {
    sum += vec4f(dh[b * SIZE4 + at.x]);
  }
  dwpe[at.x] = sum;
}
