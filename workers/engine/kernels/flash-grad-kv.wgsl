// Gradients of the keys and values, the second half of flash attention's backward pass (Dao et al. 2022, algorithm 4).
// A thread has KEYS keys j and goes over the queries that saw them, QUERIES at a time: p = exp(q·k/√HD − lse),
// dv = Σ p dout, ds = p (dout·v − delta), dk = Σ ds q / √HD. No atomics: dq has a kernel of its own (flash-grad-q.wgsl),
// which makes p again and first writes delta.
// PARTS threads share a wide head, as in flash.wgsl.
//   qkv, dqkv [B·T, 3 D]; dout [B·T, D]; lse, delta [B·T, H]; grid: keys × (B·H)

override T: u32;
override H: u32;
override SCALE: f32;

@group(0) @binding(#) var<storage, read> qkv: array<Stored>;
@group(0) @binding(#) var<storage, read> dout: array<Stored>;
@group(0) @binding(#) var<storage, read> lse: array<f32>;
@group(0) @binding(#) var<storage, read> delta: array<f32>;
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
  let start = group.x * SLOTS * KEYS;
#for s KEYS
  let j$s = start + slot * KEYS + $su;
  let key$s = (first + min(j$s, T - 1u)) * 3u * D4 + D4 + channels;
#for e MINE
  let k$s_$e = vec4f(qkv[key$s + $eu]) * SCALE;
  let v$s_$e = vec4f(qkv[key$s + D4 + $eu]);
  var dk$s_$e = vec4f();
  var dv$s_$e = vec4f();
#end
#end
#if CAUSAL
  let begin = start / QUERIES * QUERIES;
#end
#if !CAUSAL
  let begin = 0u;
#end
  for (var i = begin; i < T; i += QUERIES) {
#for n QUERIES
    let row$n = first + min(i + $nu, T - 1u);
    let query$n = row$n * 3u * D4 + channels;
    let head$n = row$n * D4 + channels;
    let whole$n = lse[row$n * H + h];
    let own$n = delta[row$n * H + h];
#for s KEYS
    var a$n_$s = vec4f();
    var b$n_$s = vec4f();
#end
#end
#for e MINE
#for n QUERIES
    let q$n_$e = vec4f(qkv[query$n + $eu]);
    let g$n_$e = vec4f(dout[head$n + $eu]);
#for s KEYS
    a$n_$s = fma(q$n_$e, k$s_$e, a$n_$s);
    b$n_$s = fma(g$n_$e, v$s_$e, b$n_$s);
#end
#end
#end
#dots
#for n QUERIES
#for s KEYS
#if CAUSAL
    let sees$n_$s = i + $nu >= j$s && i + $nu < T;
#end
#if !CAUSAL
    let sees$n_$s = i + $nu < T;
#end
    let p$n_$s = select(0.0, exp(dots$n_$s.x - whole$n), sees$n_$s);
    let ds$n_$s = p$n_$s * (dots$n_$s.y - own$n);
#end
#end
#for e MINE
#for n QUERIES
#for s KEYS
    dv$s_$e = fma(vec4f(p$n_$s), g$n_$e, dv$s_$e);
    dk$s_$e = fma(vec4f(ds$n_$s), q$n_$e, dk$s_$e);
#end
#end
#end
  }
#for s KEYS
  if (j$s < T) {
#for e MINE
    dqkv[key$s + $eu] = stored(dk$s_$e * SCALE);
    dqkv[key$s + D4 + $eu] = stored(dv$s_$e);
#end
  }
#end
}
