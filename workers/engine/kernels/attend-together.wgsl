// Attention of M queries over cached keys and values, as attend.wgsl, by LANES threads together for a query and head: as a GPU
// needs it for few queries, and every compiler for wide heads. Of LANES · KEYS keys at a time each thread first scores KEYS;
// then each has a vec4 of the head, so that threads side by side read values side by side. Where a head has fewer vec4 than
// there are threads, PARTS threads divide the keys among them (what is left over of LANES works in vain); where it has more,
// they go round TURNS times. The scores' loop ends where no compiler can know, or it would be unrolled, and lavapipe's time
// grows with the square of the loads that it sees: 44 s for heads of 64 channels, where this takes 1.

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

var<workgroup> weights: array<f32, LANES * KEYS>;
var<workgroup> outs: array<vec4f, LANES * TURNS>;

const LOWEST = -3.0e38;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  meet();
  let row = group.x / H;
  let h = group.x % H;
  let position = state[0] + row % ROWS;
  let cache = ((row / ROWS) * H + h) * T * HD4;
  let mine = (row * H + h) * HD4;
  let width = arrayLength(&q) / (M * H); // HD4
  let part = lane / HD4;
#for n TURNS
  let e$n = min(lane % HD4 + $nu * LANES, HD4 - 1u);
  var o$n = vec4f();
#end
  var maximum = LOWEST;
  var sum = 0.0;
  for (var first = 0u; first <= position; first += LANES * KEYS) {
#for s KEYS
    let j$s = first + $su * LANES + lane;
    let key$s = cache + min(j$s, position) * HD4;
    var a$s = vec4f();
#end
    for (var e = 0u; e < width; e++) {
      let query = q[mine + e];
#for s KEYS
      a$s = fma(query, vec4f(keys[key$s + e]), a$s);
#end
    }
    var highest = LOWEST;
#for s KEYS
    let s$s = select(LOWEST, SCALE * dot(a$s, vec4f(1.0)), j$s <= position);
    highest = max(highest, s$s);
#end
    let next = max(maximum, maximumOf(highest, lane));
    let kept = exp(maximum - next);
    maximum = next;
    sum *= kept;
#for s KEYS
    let p$s = exp(s$s - next); // 0 for a key beyond the query's own
    sum += p$s;
    weights[$su * LANES + lane] = p$s;
#end
    workgroupBarrier();
    let there = min(LANES * KEYS, position + 1u - first);
#for n TURNS
    o$n *= kept;
#end
    for (var j = part; j < there; j += PARTS) {
      let p = weights[j];
      let value = cache + (first + j) * HD4;
#for n TURNS
      o$n = fma(vec4f(p), vec4f(values[value + e$n]), o$n);
#end
    }
    workgroupBarrier();
  }
#for n TURNS
  outs[$nu * LANES + lane] = o$n;
#end
  let total = sumOf(sum, lane); // which waits for all
  for (var e = lane; e < HD4; e += LANES) {
    var joined = vec4f();
    for (var p = 0u; p < PARTS; p++) {
      joined += outs[p * HD4 + e];
    }
    out[mine + e] = joined / total;
  }
}
