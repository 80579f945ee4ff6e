// A vector in f16. x [4 · SIZE4] f32, y [4 · SIZE4] f16

override SIZE4: u32;

@group(0) @binding(#) var<storage, read> x: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> y: array<Stored>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = at.x; i < SIZE4; i += groups.x * 64u) {
    y[i] = stored(x[i]);
  }
}
