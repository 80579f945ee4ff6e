// A vector added to another one: y [4 · SIZE4] += x.

override SIZE4: u32;

@group(0) @binding(#) var<storage, read> x: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = at.x; i < SIZE4; i += groups.x * 64u) {
    y[i] += x[i];
  }
}
