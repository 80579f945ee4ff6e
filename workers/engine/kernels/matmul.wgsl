// C = epilogue(op(A) · op(B) + bias), row-major. With HALF all matrices are f16, but for C with WHOLE; bias is f32 always.
//   op(A) is [M, K], stored [M, K] or, with TRANS_A, [K, M]; op(B) is [K, N], stored [K, N] or, with TRANS_B, [N, K].
//   NN is a forward linear layer, NT the gradient of its input (and the output head), TN that of its weight.
// A thread keeps TM rows × TN vec4 of C in registers and reads everything as vec4: four times fewer loads, index clamps
// and address computations. With SHARED a workgroup stages BK rows and columns in shared memory first (Volkov & Demmel
// 2008), as discrete GPUs like it; without, threads read memory directly, which software adapters run four times faster.
// Sizes read as vec4 must be multiples of 4: K for NN and NT, M for TN, N always; matmul-any.wgsl takes the others.
//
// Epilogues: BIAS adds bias [N]; RESIDUAL adds extra [M, N]; GELU_GRAD multiplies by the quick GELU's derivative at extra;
// ACTIVATED writes the quick GELU of C to a second matrix.

override M: u32;
override N: u32;
override K: u32;

@group(0) @binding(#) var<storage, read> a: array<Stored>;
@group(0) @binding(#) var<storage, read> b: array<Stored>;
#if BIAS
@group(0) @binding(#) var<storage, read> bias: array<vec4f>;
#end
#if EXTRA
@group(0) @binding(#) var<storage, read> extra: array<Stored>;
#end
#if WHOLE
@group(0) @binding(#) var<storage, read_write> c: array<vec4f>;
#end
#if !WHOLE
@group(0) @binding(#) var<storage, read_write> c: array<Stored>;
#end
#if ACTIVATED
@group(0) @binding(#) var<storage, read_write> activated: array<Stored>;
#end

const BM = WY * TM;
const BN = WX * TN; // in vec4

#if SHARED
#if !TRANS_A
var<workgroup> tileA: array<vec4f, BM * BK / 4u>; // [BM, BK]
#end
#if TRANS_A
var<workgroup> tileA: array<vec4f, BK * BM / 4u>; // [BK, BM]
#end
#if !TRANS_B
var<workgroup> tileB: array<vec4f, BK * BN>; // [BK, BN·4]
#end
#if TRANS_B
var<workgroup> tileB: array<vec4f, BN * BK>; // [BN·4, BK]
#end
#end

fn quickGeluGrad(x: vec4f) -> vec4f {
  let s = 1.0 / (1.0 + exp(-1.702 * x));
  return s * (1.0 + 1.702 * x * (1.0 - s));
}

// A's vec4 at a stored row and vec4 column, zero outside. [rows, columns4]
fn readA(row: u32, column: u32, rows: u32, columns4: u32) -> vec4f {
  if (row >= rows || column >= columns4) {
    return vec4f();
  }
  return vec4f(a[row * columns4 + column]);
}

fn readB(row: u32, column: u32, rows: u32, columns4: u32) -> vec4f {
  if (row >= rows || column >= columns4) {
    return vec4f();
  }
  return vec4f(b[row * columns4 + column]);
}

@compute @workgroup_size(WX, WY)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row0 = group.y * BM + local.y * TM;
  let column0 = group.x * BN + local.x * TN; // in vec4
#for i TM
#for j TN
  var c$i_$j = vec4f();
#end
#end

#if SHARED
  let lane = local.y * WX + local.x;
  for (var k0 = 0u; k0 < K; k0 += BK) {
#if !TRANS_A
    for (var i = lane; i < BM * BK / 4u; i += WX * WY) {
      tileA[i] = readA(group.y * BM + i / (BK / 4u), k0 / 4u + i % (BK / 4u), M, K / 4u);
    }
#end
#if TRANS_A
    for (var i = lane; i < BK * BM / 4u; i += WX * WY) {
      tileA[i] = readA(k0 + i / (BM / 4u), group.y * BM / 4u + i % (BM / 4u), K, M / 4u);
    }
#end
#if !TRANS_B
    for (var i = lane; i < BK * BN; i += WX * WY) {
      tileB[i] = readB(k0 + i / BN, group.x * BN + i % BN, K, N / 4u);
    }
#end
#if TRANS_B
    for (var i = lane; i < BN * BK; i += WX * WY) {
      tileB[i] = readB(group.x * BN * 4u + i / (BK / 4u), k0 / 4u + i % (BK / 4u), N, K / 4u);
    }
#end
    workgroupBarrier();
#if !TRANS_A
    for (var k = 0u; k < BK / 4u; k++) {
#for i TM
      let a$i = tileA[(local.y * TM + $iu) * (BK / 4u) + k];
#end
#if !TRANS_B
#for s 4
#for j TN
      let b$s_$j = tileB[(k * 4u + $su) * BN + local.x * TN + $ju];
#end
#for i TM
#for j TN
      c$i_$j = fma(vec4f(a$i[$s]), b$s_$j, c$i_$j);
#end
#end
#end
#end
#if TRANS_B
#for j TN
#for s 4
      let b$s_$j = tileB[((local.x * TN + $ju) * 4u + $su) * (BK / 4u) + k];
#end
#for i TM
      c$i_$j += vec4f(dot(a$i, b0_$j), dot(a$i, b1_$j), dot(a$i, b2_$j), dot(a$i, b3_$j));
#end
#end
#end
    }
#end
#if TRANS_A
    for (var k = 0u; k < BK; k++) {
#for g TM4
      let a$g = tileA[k * (BM / 4u) + local.y * (TM / 4u) + $gu];
#end
#for j TN
      let b$j = tileB[k * BN + local.x * TN + $ju];
#end
#for i TM
#for j TN
      c$i_$j = fma(vec4f(a{$i/4}[$i%4]), b$j, c$i_$j);
#end
#end
    }
#end
    workgroupBarrier();
  }
#end

#if !SHARED
#if !TRANS_A
  for (var k = 0u; k < K / 4u; k++) {
#for i TM
    let a$i = vec4f(a[min(row0 + $iu, M - 1u) * (K / 4u) + k]);
#end
#if !TRANS_B
#for s 4
#for j TN
    let b$s_$j = vec4f(b[(k * 4u + $su) * (N / 4u) + min(column0 + $ju, N / 4u - 1u)]);
#end
#for i TM
#for j TN
    c$i_$j = fma(vec4f(a$i[$s]), b$s_$j, c$i_$j);
#end
#end
#end
#end
#if TRANS_B
#for j TN
#for s 4
    let b$s_$j = vec4f(b[(min(column0 + $ju, N / 4u - 1u) * 4u + $su) * (K / 4u) + k]);
#end
#for i TM
    c$i_$j += vec4f(dot(a$i, b0_$j), dot(a$i, b1_$j), dot(a$i, b2_$j), dot(a$i, b3_$j));
#end
#end
#end
  }
#end
#if TRANS_A
  for (var k = 0u; k < K; k++) {
#for g TM4
    let a$g = vec4f(a[k * (M / 4u) + min(row0 / 4u + $gu, M / 4u - 1u)]);
#end
#for j TN
    let b$j = vec4f(b[k * (N / 4u) + min(column0 + $ju, N / 4u - 1u)]);
#end
#for i TM
#for j TN
    c$i_$j = fma(vec4f(a{$i/4}[$i%4]), b$j, c$i_$j);
#end
#end
  }
#end
#end

#for i TM
#for j TN
  if (row0 + $iu < M && column0 + $ju < N / 4u) {
    let at = (row0 + $iu) * (N / 4u) + column0 + $ju;
    var y = c$i_$j;
#if BIAS
    y += bias[column0 + $ju];
#end
#if RESIDUAL
    y += vec4f(extra[at]);
#end
#if GELU_GRAD
    y *= quickGeluGrad(vec4f(extra[at]));
#end
#if WHOLE
    c[at] = y;
#end
#if !WHOLE
    c[at] = stored(y);
#end
#if ACTIVATED
    activated[at] = stored(y / (1.0 + exp(-1.702 * y)));
#end
  }
#end
#end
}
