// Moves on by STEP positions. A dispatch of its own, because every kernel of a step reads the position.

override STEP: u32;

@group(0) @binding(#) var<storage, read_write> state: array<u32>;

@compute @workgroup_size(1)
fn main() {
  state[0] += STEP;
}
