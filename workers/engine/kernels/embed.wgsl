// h[r] = wte[token before row r] + wpe[position of row r]. Row r is position state[0] + r % ROWS of picture r / ROWS; the
// token before position 0 is what the picture begins with, row state[1 + picture] of wte. Shapes: state [1 + B],
// tokens [B, T], wte [K, D], wpe [T, D], h [M, D]. With HALF, the tables are f16.

override M: u32;
override T: u32;
override ROWS: u32;
override D4: u32;

@group(0) @binding(#) var<storage, read> state: array<u32>;
@group(0) @binding(#) var<storage, read> tokens: array<u32>;
@group(0) @binding(#) var<storage, read> wte: array<Stored>;
@group(0) @binding(#) var<storage, read> wpe: array<Stored>;
@group(0) @binding(#) var<storage, read_write> h: array<vec4f>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= M * D4) {
    return;
  }
  let row = at.x / D4;
  let position = state[0] + row % ROWS;
  let picture = row / ROWS;
  var token = state[1u + picture];
  if (position > 0u) {
    token = tokens[picture * T + position - 1u];
  }
  h[at.x] = vec4f(wte[token * D4 + at.x % D4]) + vec4f(wpe[position * D4 + at.x % D4]);
}
