// Gradient of the queries, the first half of flash attention's backward pass (Dao et al. 2022, algorithm 4). A thread
// has one query i and goes over the keys it saw: p = exp(q·k/√HD − lse), ds = p (dout·v − delta), dq = Σ ds k / √HD, with
// delta = Σ dout·out, which is written down for the other half (flash-grad-kv.wgsl).
//   qkv, dqkv [B·T, 3 D]; out, dout [B·T, D]; lse, delta [B·T, H]; grid: queries × (B·H)

override T: u32;
override H: u32;
override SCALE: f32;

@group(0) @binding(#) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(#) var<storage, read> out: array<vec4f>;
@group(0) @binding(#) var<storage, read> dout: array<vec4f>;
@group(0) @binding(#) var<storage, read> lse: array<f32>;
@group(0) @binding(#) var<storage, read_write> delta: array<f32>;
@group(0) @binding(#) var<storage, read_write> dqkv: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let D4 = H * HD4;
  let h = group.y % H;
  let first = group.y / H * T; // the picture's first row
  let start = group.x * THREADS;
  let i = start + lane;
  let row = first + min(i, T - 1u);
  let head = row * D4 + h * HD4;
  var products = vec4f();
#for e HD4
  let q$e = qkv[row * 3u * D4 + h * HD4 + $eu] * SCALE;
  let g$e = dout[head + $eu];
  products = fma(g$e, out[head + $eu], products);
  var d$e = vec4f();
#end
  let own = dot(products, vec4f(1.0));
  let whole = lse[row * H + h];
#if CAUSAL
  let end = min(T, start + THREADS);
#end
#if !CAUSAL
  let end = T;
#end
  for (var j = 0u; j < end; j += KEYS) {
#for s KEYS
    let key$s = (first + min(j + $su, T - 1u)) * 3u * D4 + D4 + h * HD4;
    var a$s = vec4f();
    var b$s = vec4f();
#end
#for e HD4
#for s KEYS
    let k$s_$e = qkv[key$s + $eu];
    a$s = fma(q$e, k$s_$e, a$s);
    b$s = fma(g$e, qkv[key$s + D4 + $eu], b$s);
#end
#end
#for s KEYS
#if CAUSAL
    let seen$s = j + $su <= i;
#end
#if !CAUSAL
    let seen$s = j + $su < T;
#end
    let p$s = select(0.0, exp(dot(a$s, vec4f(1.0)) - whole), seen$s);
    let ds$s = vec4f(p$s * (dot(b$s, vec4f(1.0)) - own));
#end
#for e HD4
#for s KEYS
    d$e = fma(ds$s, k$s_$e, d$e);
#end
#end
  }
  if (i < T) {
    delta[row * H + h] = own;
#for e HD4
    dqkv[row * 3u * D4 + h * HD4 + $eu] = d$e * SCALE;
#end
  }
}
