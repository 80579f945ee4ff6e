// Attention of whole pictures without ever storing a T × T matrix (FlashAttention: Dao et al. 2022; online softmax:
// Milakov & Gimelshein 2018): out[i, h] = softmax(q[i, h] · kᵀ / √HD) v, and lse[i, h], the logarithm of the softmax's
// sum, from which the backward pass makes the weights again.
//   qkv [B·T, 3 D], out [B·T, D], lse [B·T, H]; grid: queries × (B·H)
// A thread keeps QUERIES queries and their sums in registers, so that a key that was read serves all of them; all threads
// of a workgroup read the same KEYS keys at a time. With CAUSAL, a workgroup stops at its last query's own position.

override T: u32;
override H: u32;
override SCALE: f32;

@group(0) @binding(#) var<storage, read> qkv: array<Stored>;
@group(0) @binding(#) var<storage, read_write> out: array<Stored>;
@group(0) @binding(#) var<storage, read_write> lse: array<f32>;

const LOWEST = -3.0e38;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let D4 = H * HD4;
  let h = group.y % H;
  let first = group.y / H * T; // the picture's first row
  let start = group.x * THREADS * QUERIES;
#for n QUERIES
  let i$n = start + lane * QUERIES + $nu;
  let at$n = (first + min(i$n, T - 1u)) * 3u * D4 + h * HD4;
#for e HD4
  let q$n_$e = vec4f(qkv[at$n + $eu]) * SCALE;
  var o$n_$e = vec4f();
#end
  var maximum$n = LOWEST;
  var sum$n = 0.0;
#end
#if CAUSAL
  let end = min(T, start + THREADS * QUERIES);
#end
#if !CAUSAL
  let end = T;
#end
  for (var j = 0u; j < end; j += KEYS) {
#for s KEYS
    let key$s = (first + min(j + $su, T - 1u)) * 3u * D4 + D4 + h * HD4;
#end
#for n QUERIES
#for s KEYS
    var a$n_$s = vec4f();
#end
#end
#for e HD4
#for s KEYS
    let k$s_$e = vec4f(qkv[key$s + $eu]);
#for n QUERIES
    a$n_$s = fma(q$n_$e, k$s_$e, a$n_$s);
#end
#end
#end
#for n QUERIES
#for s KEYS
#if CAUSAL
    let s$n_$s = select(LOWEST, dot(a$n_$s, vec4f(1.0)), j + $su <= i$n);
#end
#if !CAUSAL
    let s$n_$s = select(LOWEST, dot(a$n_$s, vec4f(1.0)), j + $su < T);
#end
#end
    var next$n = maximum$n;
#for s KEYS
    next$n = max(next$n, s$n_$s);
#end
    let kept$n = exp(maximum$n - next$n);
#for s KEYS
    let p$n_$s = exp(s$n_$s - next$n); // 0 for a key that is not to be seen: key 0 always was before it
#end
    sum$n *= kept$n;
#for s KEYS
    sum$n += p$n_$s;
#end
    maximum$n = next$n;
#end
#for e HD4
#for n QUERIES
    var y$n_$e = o$n_$e * kept$n;
#end
#for s KEYS
    let v$s_$e = vec4f(qkv[key$s + D4 + $eu]);
#for n QUERIES
    y$n_$e = fma(vec4f(p$n_$s), v$s_$e, y$n_$e);
#end
#end
#for n QUERIES
    o$n_$e = y$n_$e;
#end
#end
  }
#for n QUERIES
  if (i$n < T) {
#for e HD4
    out[(first + i$n) * D4 + h * HD4 + $eu] = stored(o$n_$e / sum$n);
#end
    lse[(first + i$n) * H + h] = maximum$n + log(sum$n);
  }
#end
}
