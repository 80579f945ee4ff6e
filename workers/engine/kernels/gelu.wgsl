// The quick GELU of a vector, y = x · sigmoid(1.702 x). x, y [4 · SIZE4]

override SIZE4: u32;

@group(0) @binding(#) var<storage, read> x: array<Stored>;
@group(0) @binding(#) var<storage, read_write> y: array<Stored>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = at.x; i < SIZE4; i += groups.x * 64u) {
    let value = vec4f(x[i]);
    y[i] = stored(value / (1.0 + exp(-1.702 * value)));
  }
}
