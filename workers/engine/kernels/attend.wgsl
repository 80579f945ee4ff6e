// Attention of M queries over cached keys and values: out[r, h] = softmax(q[r, h] · kᵀ / √HD) v over positions up to and
// with the query's own, state[0] + r % ROWS. q, out [M, D]; keys, values [B, H, T, HD].
// One pass with a running maximum (online softmax: Milakov & Gimelshein 2018), four keys at a time, so that the sums so
// far are rescaled once for four. A thread does a query and head alone, as software adapters want it where heads are not
// wide (attend-together.wgsl). With HALF, the caches are f16.

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

const LOWEST = -3.0e38;

@compute @workgroup_size(PAIRS)
fn main(@builtin(global_invocation_id) at: vec3u) {
  let pair = min(at.x, M * H - 1u); // the last one is done several times, alike
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
  for (var j = 0u; j <= position; j += 4u) {
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
#for e HD4
  out[mine + $eu] = o$e / sum;
#end
}
