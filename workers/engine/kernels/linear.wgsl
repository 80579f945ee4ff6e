// A linear layer for few rows, as in decoding: y = act(norm(x) W + b) + residual, with everything in one pass over W.
//   x [M, K], W [K, N] or, with TRANS_B, [N, K], y [M, N]; PARTS threads make TM rows × 4 columns, each of which takes every
//   PARTS-th vec4 of K: with few rows there are too few results to fill a GPU, and a walk along K waits for memory at each step.
// NORM multiplies x by the RMS norm's gain as it is read and sums its squares on the way, so that the norm costs no pass
// of its own: rsqrt(mean(x²) + EPS) is a factor of the whole row. GELU_A applies the quick GELU to x as it is read.
// With QKV, N is 3 D and the thirds go to q [M, D] and to the caches [B, H, T, HD] at position state[0] + r % ROWS.
// K and N must be multiples of 4. With HALF, parameters and caches are f16.

override M: u32;
override N: u32;
override K: u32;
override EPS: f32;
#if QKV
override T: u32;
override H: u32;
override ROWS: u32;
#end

@group(0) @binding(#) var<storage, read> x: array<vec4f>;
@group(0) @binding(#) var<storage, read> w: array<Stored>;
#if NORM
@group(0) @binding(#) var<storage, read> gain: array<Stored>;
#end
#if BIAS
@group(0) @binding(#) var<storage, read> bias: array<Stored>;
#end
#if RESIDUAL
@group(0) @binding(#) var<storage, read> residual: array<vec4f>;
#end
@group(0) @binding(#) var<storage, read_write> y: array<vec4f>;
#if QKV
@group(0) @binding(#) var<storage, read_write> keys: array<Stored>;
@group(0) @binding(#) var<storage, read_write> values: array<Stored>;
@group(0) @binding(#) var<storage, read> state: array<u32>;
#end

#if SPLIT
var<workgroup> sums: array<vec4f, PARTS * TM * WX>;
var<workgroup> squares: array<f32, PARTS * TM * WX>;
#end

// Writes four columns of a row: `product` is x W before its epilogue, `square` the sum of x's squares.
fn finish(row: u32, column: u32, product: vec4f, square: f32) {
  var out = product;
#if NORM
  out *= inverseSqrt(square / f32(K) + EPS);
#end
#if BIAS
  out += vec4f(bias[column]);
#end
#if RESIDUAL
  out += residual[row * (N / 4u) + column];
#end
#if !QKV
  y[row * (N / 4u) + column] = out;
#end
#if QKV
  let d4 = N / 12u;
  let third = column / d4;
  let e = column % d4;
  if (third == 0u) {
    y[row * d4 + e] = out;
  } else {
    let hd4 = d4 / H;
    let slot = (((row / ROWS) * H + e / hd4) * T + state[0] + row % ROWS) * hd4 + e % hd4;
    if (third == 1u) {
      keys[slot] = stored(out);
    } else {
      values[slot] = stored(out);
    }
  }
#end
}

@compute @workgroup_size(WX, WY, PARTS)
fn main(@builtin(global_invocation_id) at: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = at.x; // in vec4
  let row0 = at.y * TM;
  let end = select(0u, K / 4u, column < N / 4u && row0 < M);
#for i TM
  var y$i = vec4f();
  var squares$i = vec4f();
#end
  for (var k = local.z; k < end; k += PARTS) {
#if NORM
    let g = vec4f(gain[k]);
#end
#for i TM
    var x$i = x[min(row0 + $iu, M - 1u) * (K / 4u) + k];
#end
#if GELU_A
#for i TM
    x$i = x$i / (1.0 + exp(-1.702 * x$i));
#end
#end
#if NORM
#for i TM
    squares$i += x$i * x$i;
    x$i *= g;
#end
#end
#if !TRANS_B
#for s 4
    let w$s = vec4f(w[(k * 4u + $su) * (N / 4u) + column]);
#for i TM
    y$i = fma(vec4f(x$i[$s]), w$s, y$i);
#end
#end
#end
#if TRANS_B
#for s 4
    let w$s = vec4f(w[(column * 4u + $su) * (K / 4u) + k]);
#end
#for i TM
    y$i += vec4f(dot(x$i, w0), dot(x$i, w1), dot(x$i, w2), dot(x$i, w3));
#end
#end
  }
#if SPLIT
#for i TM
  sums[(local.z * TM + $iu) * WX + local.x] = y$i;
  squares[(local.z * TM + $iu) * WX + local.x] = dot(squares$i, vec4f(1.0));
#end
  workgroupBarrier();
  if (end > 0u) {
    for (var i = local.z; i < min(TM, M - row0); i += PARTS) {
      var product = vec4f();
      var square = 0.0;
      for (var part = 0u; part < PARTS; part++) {
        product += sums[(part * TM + i) * WX + local.x];
        square += squares[(part * TM + i) * WX + local.x];
      }
      finish(row0 + i, column, product, square);
    }
  }
#end
#if !SPLIT
#for i TM
  if (end > 0u && row0 + $iu < M) {
    finish(row0 + $iu, column, y$i, dot(squares$i, vec4f(1.0)));
  }
#end
#end
}
