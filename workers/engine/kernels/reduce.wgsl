// Sums, maxima and minima over the LANES threads that share a row, each of which is given the result. `lane` is a thread's place
// in its workgroup of GROUP threads, where those of a row follow each other. With SUBGROUPS a workgroup has one row: subgroups
// reduce first, and what they come to meets in shared memory. Neither the size of subgroups nor which threads form one is taken
// for granted: a subgroup may be smaller or larger than a row, and threads count themselves. Without, every thread reads what all
// have, which takes LANES reads instead of one or a few. Call meet() first.
// How many times as fast subgroups make 32 threads a row, by processor time, the median of 15 by turns in one run, on lavapipe
// (subgroups of 8) and on SwiftShader (of 4): norm 1.4 and 1.3, its gradient 1.4 and 1.4, cross-entropy 1.4 and 1.2,
// attention over a cache 1.1 and 1.1, the sampler (64 threads) 2.5 and 1.8.

#if SUBGROUPS
enable subgroups;

var<private> rank: u32; // among the subgroup's threads that take part
var<private> present: u32; // how many of them there are

fn meet() {
  rank = subgroupExclusiveAdd(1u);
  present = subgroupAdd(1u);
}
#end
#if !SUBGROUPS
fn meet() {}
#end

#if SPLIT
var<workgroup> parts: array<f32, GROUP>;
var<workgroup> pairs: array<vec2f, GROUP>;
var<workgroup> wholes: array<u32, GROUP>;
#end

fn sumOf(x: f32, lane: u32) -> f32 {
#if !SPLIT
  return x;
#end
#if SPLIT
  var sum = 0.0;
#if SUBGROUPS
  let part = subgroupAdd(x);
  parts[lane] = select(0.0, part, subgroupElect());
  workgroupBarrier();
  for (var i = rank; i < LANES; i += present) {
    sum += parts[i];
  }
  sum = subgroupAdd(sum);
#end
#if !SUBGROUPS
  parts[lane] = x;
  workgroupBarrier();
  for (var i = 0u; i < LANES; i++) {
    sum += parts[lane / LANES * LANES + i];
  }
#end
  workgroupBarrier();
  return sum;
#end
}

fn sumOfPair(x: vec2f, lane: u32) -> vec2f {
#if !SPLIT
  return x;
#end
#if SPLIT
  var sum = vec2f();
#if SUBGROUPS
  let part = subgroupAdd(x);
  pairs[lane] = select(vec2f(), part, subgroupElect());
  workgroupBarrier();
  for (var i = rank; i < LANES; i += present) {
    sum += pairs[i];
  }
  sum = subgroupAdd(sum);
#end
#if !SUBGROUPS
  pairs[lane] = x;
  workgroupBarrier();
  for (var i = 0u; i < LANES; i++) {
    sum += pairs[lane / LANES * LANES + i];
  }
#end
  workgroupBarrier();
  return sum;
#end
}

fn maximumOf(x: f32, lane: u32) -> f32 {
#if !SPLIT
  return x;
#end
#if SPLIT
  var maximum = x;
#if SUBGROUPS
  parts[lane] = subgroupMax(x);
  workgroupBarrier();
  for (var i = rank; i < LANES; i += present) {
    maximum = max(maximum, parts[i]);
  }
  maximum = subgroupMax(maximum);
#end
#if !SUBGROUPS
  parts[lane] = x;
  workgroupBarrier();
  for (var i = 0u; i < LANES; i++) {
    maximum = max(maximum, parts[lane / LANES * LANES + i]);
  }
#end
  workgroupBarrier();
  return maximum;
#end
}

fn minimumOf(x: u32, lane: u32) -> u32 {
#if !SPLIT
  return x;
#end
#if SPLIT
  var minimum = x;
#if SUBGROUPS
  wholes[lane] = subgroupMin(x);
  workgroupBarrier();
  for (var i = rank; i < LANES; i += present) {
    minimum = min(minimum, wholes[i]);
  }
  minimum = subgroupMin(minimum);
#end
#if !SUBGROUPS
  wholes[lane] = x;
  workgroupBarrier();
  for (var i = 0u; i < LANES; i++) {
    minimum = min(minimum, wholes[lane / LANES * LANES + i]);
  }
#end
  workgroupBarrier();
  return minimum;
#end
}
