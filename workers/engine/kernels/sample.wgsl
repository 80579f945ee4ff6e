// Chooses a colour for each of M rows from its logits [M, V], or takes the drawn one, and notes what the page is told.
// Row r is position state[0] + r % ROWS of picture r / ROWS. Temperature, then top-k, then top-p, then inverse transform
// from one counter-based uniform number, as igpt/sampler.ts; the hash is pcg3d (Jarzynski & Olano 2020), as
// igpt/random.ts. Thresholds of top-k and top-p are found by bisection instead of sorting, over the bits of how far a logit lies
// below the highest, which order as the numbers do: 31 halvings reach every float. A difference is the same wherever a compiler
// puts it; of a probability it may round one copy otherwise than another, and the last colour kept would be lost.
// A record is 16 words at [position, picture]: colour, surprise and entropy (nats, at temperature 1), 6 likeliest
// colours, their probabilities. LANES threads a row, each with a run of consecutive colours; what they find is put together by
// reduce.wgsl.

override M: u32;
override V: u32;
override T: u32;
override B: u32;
override ROWS: u32;

struct Settings {
  temperature: f32, // 0: the likeliest colour
  topP: f32, // 1 or more: all
  topK: u32, // 0: all
  seed: u32,
}

@group(0) @binding(#) var<storage, read> logits: array<f32>;
@group(0) @binding(#) var<storage, read> state: array<u32>;
@group(0) @binding(#) var<storage, read> settings: Settings;
@group(0) @binding(#) var<storage, read> known: array<i32>; // [T], negative where unknown
@group(0) @binding(#) var<storage, read_write> tokens: array<u32>; // [B, T]
@group(0) @binding(#) var<storage, read_write> record: array<u32>; // [T, B, 16]

const TOP = 6u;

fn pcg3d(seed: vec3u) -> u32 {
  var v = seed * 1664525u + 1013904223u;
  v.x += v.y * v.z;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v ^= v >> vec3u(16u);
  v.x += v.y * v.z;
  return v.x;
}

// Bits of the difference between the highest logit and this one.
fn below(at: u32, highest: f32) -> u32 {
  return bitcast<u32>(highest - logits[at]);
}

#if SPLIT
var<workgroup> masses: array<f32, GROUP>;
#end

// What the lanes before this one have, in the order of the colours.
fn sumBefore(x: f32, lane: u32) -> f32 {
  var sum = 0.0;
#if SPLIT
  masses[lane] = x;
  workgroupBarrier();
  for (var i = lane / LANES * LANES; i < lane; i++) {
    sum += masses[i];
  }
#end
  return sum;
}

@compute @workgroup_size(LANES, PAIRS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local3: vec3u) {
  meet();
  let local = local3.xy;
  let lane = local.y * LANES + local.x;
  let row = min(group.x * PAIRS + local.y, M - 1u); // the last ones are done twice, alike
  let picture = row / ROWS;
  let position = state[0] + row % ROWS;
  let logits0 = row * V;
  let each = (V + LANES - 1u) / LANES;
  let begin = min(local.x * each, V);
  let to = min(begin + each, V);

  // Surprise, entropy and the likeliest colours, at temperature 1.
  var highest = -3.0e38;
  for (var v = begin; v < to; v++) {
    highest = max(highest, logits[logits0 + v]);
  }
  let maximum = maximumOf(highest, lane);
  var z = 0.0;
  var zx = 0.0;
  for (var v = begin; v < to; v++) {
    let x = logits[logits0 + v] - maximum;
    z += exp(x);
    zx += exp(x) * x;
  }
  let sum = sumOf(z, lane);
  let entropy = log(sum) - sumOf(zx, lane) / sum;
  let note = (position * B + picture) * 16u;
  var above = 3.0e38; // logit and colour of the last one noted
  var aboveColour = 0u;
  var likeliest = 0u;
  for (var n = 0u; n < min(TOP, V); n++) {
    var best = -3.0e38;
    var bestColour = V;
    for (var v = begin; v < to; v++) {
      let x = logits[logits0 + v];
      let after = x < above || (x == above && v > aboveColour);
      if (after && x > best) {
        best = x;
        bestColour = v;
      }
    }
    let winner = maximumOf(best, lane);
    let colour = minimumOf(select(V, bestColour, best == winner), lane);
    if (n == 0u) {
      likeliest = colour;
    }
    above = winner;
    aboveColour = colour;
    if (local.x == 0u) {
      record[note + 3u + n] = colour;
      record[note + 3u + TOP + n] = bitcast<u32>(exp(winner - maximum) / sum);
    }
  }

  // The choice. Weights are relative to the likeliest colour's, which is 1.
  let cold = max(settings.temperature, 1e-6);
  var most = bitcast<u32>(3.0e38); // bits of the largest distance kept
  if (settings.topK > 0u && settings.topK < V) {
    var low = 0u;
    var high = most;
    for (var i = 0u; i < 31u; i++) { // the smallest threshold that keeps topK colours
      let middle = low + (high - low) / 2u;
      var count = 0.0;
      for (var v = begin; v < to; v++) {
        count += select(0.0, 1.0, below(logits0 + v, maximum) <= middle);
      }
      let enough = sumOf(count, lane) >= f32(settings.topK);
      low = select(min(middle + 1u, high), low, enough);
      high = select(high, middle, enough);
    }
    most = high;
  }
  var mass = 0.0;
  for (var v = begin; v < to; v++) {
    let weight = exp((logits[logits0 + v] - maximum) / cold);
    mass += select(0.0, weight, below(logits0 + v, maximum) <= most);
  }
  var total = sumOf(mass, lane);
  if (settings.topP < 1.0) {
    let wanted = settings.topP * total;
    var low = 0u;
    var high = most;
    for (var i = 0u; i < 31u; i++) { // the smallest threshold that keeps enough mass
      let middle = low + (high - low) / 2u;
      mass = 0.0;
      for (var v = begin; v < to; v++) {
        let weight = exp((logits[logits0 + v] - maximum) / cold);
        mass += select(0.0, weight, below(logits0 + v, maximum) <= middle);
      }
      let enough = sumOf(mass, lane) >= wanted;
      low = select(min(middle + 1u, high), low, enough);
      high = select(high, middle, enough);
    }
    most = high;
    mass = 0.0;
    for (var v = begin; v < to; v++) {
      let weight = exp((logits[logits0 + v] - maximum) / cold);
      mass += select(0.0, weight, below(logits0 + v, maximum) <= most);
    }
    total = sumOf(mass, lane);
  }
  let uniform = f32(pcg3d(vec3u(settings.seed, picture, position)) >> 9u) * exp2(-23.0);
  let target_ = uniform * total;
  var cumulative = sumBefore(mass, lane);
  var chosen = V;
  for (var v = begin; v < to; v++) {
    let weight = exp((logits[logits0 + v] - maximum) / cold);
    if (below(logits0 + v, maximum) <= most && weight > 0.0) {
      cumulative += weight;
      if (chosen == V && cumulative > target_) {
        chosen = v;
      }
    }
  }
  // Rounding may leave the last mass just short of the target: then the likeliest colour is as good as any.
  var colour = minimumOf(chosen, lane);
  colour = select(colour, likeliest, settings.temperature == 0.0 || colour == V);
  if (known[position] >= 0) {
    colour = u32(known[position]);
  }
  if (local.x == 0u) {
    tokens[picture * T + position] = colour;
    record[note] = colour;
    record[note + 1u] = bitcast<u32>(log(sum) + maximum - logits[logits0 + colour]);
    record[note + 2u] = bitcast<u32>(entropy);
  }
}
