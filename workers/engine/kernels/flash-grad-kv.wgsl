// Gradients of the keys and values, the second half of flash attention's backward pass (Dao et al. 2022, algorithm 4).
// A thread has one key j and goes over the queries that saw it: p = exp(q·k/√HD − lse), dv = Σ p dout,
// ds = p (dout·v − delta), dk = Σ ds q / √HD. No atomics: dq has a kernel of its own (flash-grad-q.wgsl), which makes p
// again and first writes delta.
//   qkv, dqkv [B·T, 3 D]; dout [B·T, D]; lse, delta [B·T, H]; grid: keys × (B·H)

override T: u32;
override H: u32;
override SCALE: f32;

@group(0) @binding(#) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(#) var<storage, read> dout: array<vec4f>;
@group(0) @binding(#) var<storage, read> lse: array<f32>;
@group(0) @binding(#) var<storage, read> delta: array<f32>;
@group(0) @binding(#) var<storage, read_write> dqkv: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let D4 = H * HD4;
  let h = group.y % H;
  let first = group.y / H * T; // the picture's first row
  let start = group.x * THREADS;
  let j = start + lane;
  let key = (first + min(j, T - 1u)) * 3u * D4 + D4 + h * HD4;
#for e HD4
  let k$e = qkv[key + $eu] * SCALE;
  let v$e = qkv[key + D4 + $eu];
  var dk$e = vec4f();
  var dv$e = vec4f();
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
    let query$n = row$n * 3u * D4 + h * HD4;
    let head$n = row$n * D4 + h * HD4;
    var a$n = vec4f();
    var b$n = vec4f();
#end
#for e HD4
#for n QUERIES
    let q$n_$e = qkv[query$n + $eu];
    let g$n_$e = dout[head$n + $eu];
    a$n = fma(q$n_$e, k$e, a$n);
    b$n = fma(g$n_$e, v$e, b$n);
#end
#end
#for n QUERIES
#if CAUSAL
    let sees$n = i + $nu >= j && i + $nu < T;
#end
#if !CAUSAL
    let sees$n = i + $nu < T;
#end
    let p$n = select(0.0, exp(dot(a$n, vec4f(1.0)) - lse[row$n * H + h]), sees$n);
    let ds$n = p$n * (dot(b$n, vec4f(1.0)) - delta[row$n * H + h]);
#end
#for e HD4
#for n QUERIES
    dv$e = fma(vec4f(p$n), g$n_$e, dv$e);
    dk$e = fma(vec4f(ds$n), q$n_$e, dk$e);
#end
#end
  }
  if (j < T) {
#for e HD4
    dqkv[key + $eu] = dk$e * SCALE;
    dqkv[key + D4 + $eu] = dv$e;
#end
  }
}
