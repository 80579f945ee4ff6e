// Gradient of the queries, the first half of flash attention's backward pass (Dao et al. 2022, algorithm 4). A thread
// has QUERIES queries i and goes over the keys they saw, KEYS at a time: p = exp(q·k/√HD − lse), ds = p (dout·v − delta),
// dq = Σ ds k / √HD, with delta = Σ dout·out, which is written down for the other half (flash-grad-kv.wgsl).
// PARTS threads share a wide head, as in flash.wgsl.
//   qkv, dqkv [B·T, 3 D]; out, dout [B·T, D]; lse, delta [B·T, H]; grid: queries × (B·H)

override T: u32;
override H: u32;
override SCALE: f32;

@group(0) @binding(#) var<storage, read> qkv: array<Stored>;
@group(0) @binding(#) var<storage, read> out: array<Stored>;
@group(0) @binding(#) var<storage, read> dout: array<Stored>;
@group(0) @binding(#) var<storage, read> lse: array<f32>;
@group(0) @binding(#) var<storage, read_write> delta: array<f32>;
@group(0) @binding(#) var<storage, read_write> dqkv: array<Stored>;

#if PARTED
var<workgroup> parts: array<vec2f, THREADS * QUERIES * KEYS>;
#end

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let slot = lane / PARTS;
  let channels = group.y % H * HD4 + lane % PARTS * MINE; // the first of this thread's, in vec4
  let D4 = H * HD4;
  let h = group.y % H;
  let first = group.y / H * T; // the picture's first row
  let start = group.x * SLOTS * QUERIES;
#for n QUERIES
  let i$n = start + slot * QUERIES + $nu;
  let row$n = first + min(i$n, T - 1u);
  let head$n = row$n * D4 + channels;
  var products$n = vec4f();
#for e MINE
  let q$n_$e = vec4f(qkv[row$n * 3u * D4 + channels + $eu]) * SCALE;
  let g$n_$e = vec4f(dout[head$n + $eu]);
  products$n = fma(g$n_$e, vec4f(out[head$n + $eu]), products$n);
  var d$n_$e = vec4f();
#end
  var own$n = dot(products$n, vec4f(1.0));
  let whole$n = lse[row$n * H + h];
#end
#if PARTED
#for n QUERIES
  parts[lane * QUERIES + $nu].x = own$n;
  own$n = 0.0;
#end
  workgroupBarrier();
  for (var p = 0u; p < PARTS; p++) {
#for n QUERIES
    own$n += parts[(slot * PARTS + p) * QUERIES + $nu].x;
#end
  }
  workgroupBarrier();
#end
#if CAUSAL
  let end = min(T, start + SLOTS * QUERIES);
#end
#if !CAUSAL
  let end = T;
#end
  for (var j = 0u; j < end; j += KEYS) {
#for s KEYS
    let key$s = (first + min(j + $su, T - 1u)) * 3u * D4 + D4 + channels;
#for n QUERIES
    var a$n_$s = vec4f();
    var b$n_$s = vec4f();
#end
#end
#for e MINE
#for s KEYS
    let k$s_$e = vec4f(qkv[key$s + $eu]);
    let v$s_$e = vec4f(qkv[key$s + D4 + $eu]);
#for n QUERIES
    a$n_$s = fma(q$n_$e, k$s_$e, a$n_$s);
    b$n_$s = fma(g$n_$e, v$s_$e, b$n_$s);
#end
#end
#end
#dots
#for n QUERIES
#for s KEYS
#if CAUSAL
    let seen$n_$s = j + $su <= i$n;
#end
#if !CAUSAL
    let seen$n_$s = j + $su < T;
#end
    let p$n_$s = select(0.0, exp(dots$n_$s.x - whole$n), seen$n_$s);
    let ds$n_$s = vec4f(p$n_$s * (dots$n_$s.y - own$n));
#end
#end
#for e MINE
#for s KEYS
#for n QUERIES
    d$n_$e = fma(ds$n_$s, k$s_$e, d$n_$e);
#end
#end
#end
  }
#for n QUERIES
  if (i$n < T) {
    if (lane % PARTS == 0u) {
      delta[row$n * H + h] = own$n;
    }
#for e MINE
    dqkv[row$n * 3u * D4 + channels + $eu] = stored(d$n_$e * SCALE);
#end
  }
#end
}
