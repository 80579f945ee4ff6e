// h[r] = wte[inputs[r]] + wpe[r % T]; an input below 0 has no row of wte. inputs [M], wte [K, D], wpe [T, D], h [M, D].

override M: u32;
override T: u32;
override D4: u32;

@group(0) @binding(#) var<storage, read> inputs: array<i32>;
@group(0) @binding(#) var<storage, read> wte: array<vec4f>;
@group(0) @binding(#) var<storage, read> wpe: array<vec4f>;
@group(0) @binding(#) var<storage, read_write> h: array<Stored>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = at.x; i < M * D4; i += groups.x * 64u) {
    let row = i / D4;
    let e = i % D4;
    var value = wpe[(row % T) * D4 + e];
    if (inputs[row] >= 0) {
      value += wte[u32(inputs[row]) * D4 + e];
    }
    h[i] = stored(value);
  }
}
