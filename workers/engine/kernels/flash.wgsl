// Attention of whole pictures without ever storing a T × T matrix (FlashAttention: Dao et al. 2022; online softmax:
// Milakov & Gimelshein 2018): out[i, h] = softmax(q[i, h] · kᵀ / √HD) v, and lse[i, h], the logarithm of the softmax's
// sum, from which the backward pass makes the weights again.
//   qkv [B·T, 3 D], out [B·T, D], lse [B·T, H]; grid: queries × (B·H)
// A thread keeps QUERIES queries and their sums in registers, so that a key that was read serves all of them; all threads
// of a workgroup read the same KEYS keys at a time. With CAUSAL, a workgroup stops at its last query's own position. With PARTED,
// PARTS threads share the channels of a wide head, MINE vec4 each, and put their scores together in shared memory: more would
// not fit into a thread's registers.

override T: u32;
override H: u32;
override SCALE: f32;

@group(0) @binding(#) var<storage, read> qkv: array<Stored>;
@group(0) @binding(#) var<storage, read_write> out: array<Stored>;
@group(0) @binding(#) var<storage, read_write> lse: array<f32>;

#if PARTED
var<workgroup> parts: array<f32, THREADS * QUERIES * KEYS>;
#end

const LOWEST = -3.0e38;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let slot = lane / PARTS;
  let channels = group.y % H * HD4 + lane % PARTS * MINE; // the first of this thread's, in vec4
  let D4 = H * HD4;
  let first = group.y / H * T; // the picture's first row
  let start = group.x * SLOTS * QUERIES;
#for n QUERIES
  let i$n = start + slot * QUERIES + $nu;
  let at$n = (first + min(i$n, T - 1u)) * 3u * D4 + channels;
#for e MINE
  let q$n_$e = vec4f(qkv[at$n + $eu]) * SCALE;
  var o$n_$e = vec4f();
#end
  var maximum$n = LOWEST;
  var sum$n = 0.0;
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
#end
#for n QUERIES
#for s KEYS
    var a$n_$s = vec4f();
#end
#end
#for e MINE
#for s KEYS
    let k$s_$e = vec4f(qkv[key$s + $eu]);
#for n QUERIES
    a$n_$s = fma(q$n_$e, k$s_$e, a$n_$s);
#end
#end
#end
#if PARTED
#for n QUERIES
#for s KEYS
    parts[(lane * QUERIES + $nu) * KEYS + $su] = dot(a$n_$s, vec4f(1.0));
#end
#end
    workgroupBarrier();
#for n QUERIES
#for s KEYS
    var qk$n_$s = 0.0;
    for (var p = 0u; p < PARTS; p++) {
      qk$n_$s += parts[((slot * PARTS + p) * QUERIES + $nu) * KEYS + $su];
    }
#end
#end
    workgroupBarrier();
#end
#if !PARTED
#for n QUERIES
#for s KEYS
    let qk$n_$s = dot(a$n_$s, vec4f(1.0));
#end
#end
#end
#for n QUERIES
#for s KEYS
#if CAUSAL
    let s$n_$s = select(LOWEST, qk$n_$s, j + $su <= i$n);
#end
#if !CAUSAL
    let s$n_$s = select(LOWEST, qk$n_$s, j + $su < T);
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
#for e MINE
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
#for e MINE
    out[(first + i$n) * D4 + channels + $eu] = stored(o$n_$e / sum$n);
#end
    if (lane % PARTS == 0u) {
      lse[(first + i$n) * H + group.y % H] = maximum$n + log(sum$n);
    }
  }
#end
}
