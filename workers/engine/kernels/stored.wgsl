// Numbers as memory holds them: f16 with HALF, else f32. All arithmetic is f32.

#if HALF
enable f16;
alias Stored = vec4<f16>;

// What f16 cannot hold is stored as infinite, however the device rounds: as 65504 loss scaling would not notice it.
fn stored(x: vec4f) -> Stored {
  return Stored(select(x, x * 3.0e38, abs(x) > vec4f(65504.0)));
}
#end
#if !HALF
alias Stored = vec4f;

fn stored(x: vec4f) -> Stored {
  return x;
}
#end
