// Attention of M queries over cached keys and values: out[r, h] = softmax(q[r, h] · kᵀ / √HD) v over positions up to and
// with the query's own, state[0] + r % ROWS. q, out [M, D]; keys, values [B, H, T, HD].
// One pass with a running maximum (online softmax: Milakov & Gimelshein 2018), four keys at a time, so that the sums so
// far are rescaled once for four. With SPLIT, LANES threads share a query's keys, as a GPU needs for few queries, and
// join their parts in shared memory; without, a thread does a query and head alone. With HALF, the caches are f16.

override M: u32;
override H: u32;
override T: u32;
override ROWS: u32;
override SCALE: f32;

@group(0) @binding(#) var<storage, read> q: array<vec4f>;
@group(0) @binding(#) var<storage, read> keys: array<Stored>;
@group(0) @binding(#) var<storage, read> values: array<Stored>;
@group(0) @binding(#) var<storage, read> state: array<u32>;
@group(0) @binding(#) var<storage, read_write> out: array<vec4f>;

#if SPLIT
var<workgroup> partMaximum: array<f32, LANES * PAIRS>;
var<workgroup> partSum: array<f32, LANES * PAIRS>;
var<workgroup> partOut: array<vec4f, LANES * PAIRS * HD4>;
#end

const LOWEST = -3.0e38;

@compute @workgroup_size(LANES, PAIRS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pair = min(group.x * PAIRS + local.y, M * H - 1u); // the last ones are done twice, alike
  let row = pair / H;
  let h = pair % H;
  let position = state[0] + row % ROWS;
  let cache = ((row / ROWS) * H + h) * T * HD4;
  let mine = (row * H + h) * HD4;
#for e HD4
  let q$e = q[mine + $eu] * SCALE;
  var o$e = vec4f();
#end
  var maximum = LOWEST;
  var sum = 0.0;
  for (var j = local.x * 4u; j <= position; j += LANES * 4u) {
#for s 4
    let at$s = cache + min(j + $su, position) * HD4;
    var s$s = 0.0;
#for e HD4
    s$s += dot(q$e, vec4f(keys[at$s + $eu]));
#end
    s$s = select(LOWEST, s$s, j + $su <= position);
#end
    let next = max(max(maximum, max(s0, s1)), max(s2, s3));
    let kept = exp(maximum - next);
    let p0 = exp(s0 - next);
    let p1 = select(0.0, exp(s1 - next), j + 1u <= position);
    let p2 = select(0.0, exp(s2 - next), j + 2u <= position);
    let p3 = select(0.0, exp(s3 - next), j + 3u <= position);
    sum = sum * kept + p0 + p1 + p2 + p3;
#for e HD4
    o$e *= kept;
#for s 4
    o$e = fma(vec4f(p$s), vec4f(values[at$s + $eu]), o$e);
#end
#end
    maximum = next;
  }
#if !SPLIT
#for e HD4
  out[mine + $eu] = o$e / sum;
#end
#end
#if SPLIT
  let lane = local.y * LANES + local.x;
  partMaximum[lane] = maximum;
  partSum[lane] = sum;
#for e HD4
  partOut[lane * HD4 + $eu] = o$e;
#end
  workgroupBarrier();
  var all = LOWEST;
  for (var i = 0u; i < LANES; i++) {
    all = max(all, partMaximum[local.y * LANES + i]);
  }
  var total = 0.0;
  for (var i = 0u; i < LANES; i++) {
    total += partSum[local.y * LANES + i] * exp(partMaximum[local.y * LANES + i] - all);
  }
  for (var e = local.x; e < HD4; e += LANES) {
    var joined = vec4f();
    for (var i = 0u; i < LANES; i++) {
      let other = local.y * LANES + i;
      joined += partOut[other * HD4 + e] * exp(partMaximum[other] - all);
    }
    out[mine + e] = joined / total;
  }
#end
}
