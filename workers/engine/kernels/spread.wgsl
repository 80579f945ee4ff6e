// The way back of means over positions: every position of picture b is given dmean[b] / T.
// dmean [B, D], dx [B, T, D], which it is added to with ADD.

override T: u32;
override D4: u32;
override SIZE4: u32;

@group(0) @binding(#) var<storage, read> dmean: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> dx: array<Stored>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = at.x; i < SIZE4; i += 64u * groups.x) {
    let given = dmean[i / (T * D4) * D4 + i % D4] / f32(T);
#if ADD
    dx[i] = stored(vec4f(dx[i]) + given);
#end
#if !ADD
    dx[i] = stored(given);
#end
  }
}
