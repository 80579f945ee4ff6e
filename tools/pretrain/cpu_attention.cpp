// Causal attention and its gradient for CPUs with AMX, bf16 in and out, f32 in between.
//
// FlashAttention (Dao et al. 2022; Dao 2023): the scores are made block by block and never stored. The forward pass
// keeps a running maximum and sum per query and one number per query for later, L = log2 of the sum of exponentials.
// The backward pass makes P = 2^(S - L) again and with delta = rowsum(dO * O)
//   dV = P^T dO,   dP = dO V^T,   dS = P * (dP - delta),   dQ = dS K * scale,   dK = dS^T Q * scale.
//
// Scores stand transposed, keys down and queries across, so that maxima, sums, L and delta are vectors over queries and
// nothing is ever summed along a vector. All matrices are cut in blocks of 32 x 32, which have one of three forms:
//   rows   bf16 [32][32], the left factor of a product; also 32 rows of a tensor with their stride
//   pairs  bf16 [16][32][2], the right factor: rows 2r and 2r + 1 interleaved
//   sums   f32 [32][32], the product
// Blocks above the diagonal are skipped. One thread does one head of one picture, so the result is the same every time.
// Tiles: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, chapter 18.

#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

using bf16 = uint16_t;

constexpr int side = 32, block = side * side;
constexpr int span = 4;                    // blocks of keys that the forward pass takes at once
constexpr int key_span = 2, query_span = 2;  // blocks that the backward pass takes at once
constexpr float log2e = 1.44269504f;

template <class T>
struct Room {
    T* data;
    explicit Room(size_t n) : data(static_cast<T*>(std::aligned_alloc(64, n * sizeof(T)))) {}
    ~Room() { std::free(data); }
    T* operator+(size_t i) const { return data + i; }
};

static const struct alignas(64) {
    uint8_t palette, start, none[14];
    uint16_t bytes[16];
    uint8_t rows[16];
} shape = {1, 0, {}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};

/** The thread's tile registers for its life: eight of 16 rows of 64 bytes. */
struct Tiles {
    Tiles() { _tile_loadconfig(&shape); }
    ~Tiles() { _tile_release(); }
};

/** c (+)= the sum over n steps of a b; a: rows of stride `lda`, a step further by `step`; b: n pairs blocks; c: sums. */
template <bool add>
inline void product(float* c, const bf16* a, long lda, long step, const bf16* b, int n) {
    asm volatile("" ::: "memory");  // gcc does not know that tile loads read memory
    if (add) {
        _tile_loadd(0, c, 128);
        _tile_loadd(1, c + 16, 128);
        _tile_loadd(2, c + 512, 128);
        _tile_loadd(3, c + 528, 128);
    } else {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
    }
    for (; n > 0; n--, a += step, b += block) {
        _tile_loadd(4, a, lda * 2);
        _tile_loadd(6, b, 128);
        _tile_dpbf16ps(0, 4, 6);
        _tile_loadd(7, b + 32, 128);
        _tile_dpbf16ps(1, 4, 7);
        _tile_loadd(5, a + 16 * lda, lda * 2);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
    }
    _tile_stored(0, c, 128);
    _tile_stored(1, c + 16, 128);
    _tile_stored(2, c + 512, 128);
    _tile_stored(3, c + 528, 128);
}

/** 2^x with a relative error of at most 7.5e-5 (bf16: 2e-3); 0 for -inf. Minimax polynomial of 2^f for 0 <= f < 1. */
inline __m512 power_of_two(__m512 x) {
    __m512 f = _mm512_reduce_ps(x, 1), p = _mm512_set1_ps(0.07802452f);  // f = x - floor(x)
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.22606716f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.69583354f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.99992522f));
    return _mm512_scalef_ps(p, x);
}

inline __m512i rounded(__m512 low, __m512 high) { return (__m512i)_mm512_cvtne2ps_pbh(high, low); }

/** Two rows of 32 bf16, interleaved. */
inline void interleave(bf16* to, __m512i a, __m512i b) {
    const __m512i low = _mm512_unpacklo_epi16(a, b), high = _mm512_unpackhi_epi16(a, b);  // quarters 0 2 4 6 and 1 3 5 7
    _mm512_storeu_si512(to, _mm512_permutex2var_epi64(low, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), high));
    _mm512_storeu_si512(to + 32, _mm512_permutex2var_epi64(low, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), high));
}

/** Transposes 16 x 16 words of 32 bits; `lds` and `ldd` are bytes from row to row. */
inline void transpose16(void* dst, long ldd, const void* src, long lds) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i r[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) r[i] = _mm512_loadu_si512((const char*)src + i * lds);
#pragma GCC unroll 4
    for (int s = 1; s < 16; s *= 2) {  // swaps the off-diagonal quarters of every 2s x 2s square
        const __mmask16 right = _mm512_test_epi32_mask(lane, _mm512_set1_epi32(s));
        const __m512i upper = _mm512_mask_add_epi32(lane, right, lane, _mm512_set1_epi32(16 - s));
        const __m512i lower = _mm512_mask_add_epi32(_mm512_add_epi32(lane, _mm512_set1_epi32(s)), right, lane, _mm512_set1_epi32(16));
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {
            if (i & s) continue;
            const __m512i a = r[i], b = r[i + s];
            r[i] = _mm512_permutex2var_epi32(a, upper, b), r[i + s] = _mm512_permutex2var_epi32(a, lower, b);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) _mm512_storeu_si512((char*)dst + i * ldd, r[i]);
}

/** X, 32 rows of stride `ld`, as pairs. */
inline void to_pairs(bf16* to, const bf16* x, long ld) {
    for (int r = 0; r < side; r += 2) interleave(to + r * side, _mm512_loadu_si512(x + r * ld), _mm512_loadu_si512(x + (r + 1) * ld));
}

/** X^T as pairs. */
inline void to_transposed_pairs(bf16* to, const bf16* x, long ld) {
    transpose16(to, 128, x, ld * 2), transpose16(to + 32, 128, x + 16 * ld, ld * 2);
}

/** X^T as rows. */
inline void to_transposed_rows(bf16* to, const bf16* x, long ld) {
    alignas(64) bf16 pairs[block];
    to_pairs(pairs, x, ld);
    transpose16(to, 64, pairs, 128), transpose16(to + block / 2, 64, pairs + 32, 128);
}

/** Sums, times one factor per column, as bf16 rows of stride `ld`. */
inline void from_sums(bf16* to, long ld, const float* c, __m512 left, __m512 right) {
    for (int r = 0; r < side; r++, c += side, to += ld)
        _mm512_storeu_si512(to, rounded(_mm512_mul_ps(_mm512_load_ps(c), left), _mm512_mul_ps(_mm512_load_ps(c + 16), right)));
}

/** The same of transposed sums; the factors are per row of `c`'s transpose, so still per column of `c`. */
inline void from_transposed_sums(bf16* to, long ld, const float* c, __m512 left, __m512 right) {
    alignas(64) float scaled[block], turned[block];
    for (int i = 0; i < block; i += side)
        _mm512_store_ps(scaled + i, _mm512_mul_ps(_mm512_load_ps(c + i), left)), _mm512_store_ps(scaled + i + 16, _mm512_mul_ps(_mm512_load_ps(c + i + 16), right));
    for (int i = 0; i < 4; i++) transpose16(turned + i / 2 * 16 + i % 2 * 512, 128, scaled + i / 2 * 512 + i % 2 * 16, 128);
    const __m512 one = _mm512_set1_ps(1);
    from_sums(to, ld, turned, one, one);
}

/** Scores of a block on the diagonal: -inf where the key comes after the query. */
inline void mask_diagonal(float* s) {
    for (int key = 1; key < side; key++)
        for (int half = 0; half < 2; half++) {
            const __mmask16 later = (1u << std::clamp(key - 16 * half, 0, 16)) - 1;
            _mm512_mask_storeu_ps(s + key * side + 16 * half, later, _mm512_set1_ps(-INFINITY));
        }
}

/** One head of one picture. q, k, v: [t, hd] of row stride `ld`; out: [t, hd] of row stride `ldo`; lse: [t]. */
static void forward(const bf16* q, const bf16* k, const bf16* v, long ld, bf16* out, long ldo, float* lse, int t, int hd) {
    const int T = t / side, D = hd / side;
    const float scale = log2e / std::sqrt(float(hd));
    Room<bf16> vt(size_t(t) * hd), qt(side * hd), p(span * block);  // V^T, Q^T and P^T
    Room<float> s(span * block), o(side * hd);                      // S^T and O^T
    for (int j = 0; j < T; j++)
        for (int d = 0; d < D; d++) to_transposed_rows(vt + (d * T + j) * block, v + j * side * ld + d * side, ld);
    for (int i = 0; i < T; i++) {
        for (int d = 0; d < D; d++) to_transposed_pairs(qt + d * block, q + i * side * ld + d * side, ld);
        std::memset(o.data, 0, side * hd * sizeof(float));
        __m512 m0 = _mm512_set1_ps(-INFINITY), m1 = m0, l0 = _mm512_setzero_ps(), l1 = l0;
        for (int first = 0; first <= i; first += span) {
            const int n = std::min(span, i + 1 - first);
            for (int j = 0; j < n; j++) product<false>(s + j * block, k + (first + j) * side * ld, ld, side, qt.data, D);
            if (first + n > i) mask_diagonal(s + (n - 1) * block);

            __m512 a0 = _mm512_set1_ps(-INFINITY), a1 = a0, b0 = a0, b1 = a0;
            for (const float* x = s.data; x < s + n * block; x += 2 * side) {
                a0 = _mm512_max_ps(a0, _mm512_load_ps(x)), a1 = _mm512_max_ps(a1, _mm512_load_ps(x + 16));
                b0 = _mm512_max_ps(b0, _mm512_load_ps(x + 32)), b1 = _mm512_max_ps(b1, _mm512_load_ps(x + 48));
            }
            const __m512 w = _mm512_set1_ps(scale), old0 = m0, old1 = m1;
            m0 = _mm512_max_ps(m0, _mm512_mul_ps(w, _mm512_max_ps(a0, b0)));
            m1 = _mm512_max_ps(m1, _mm512_mul_ps(w, _mm512_max_ps(a1, b1)));
            const __m512 c0 = power_of_two(_mm512_sub_ps(old0, m0)), c1 = power_of_two(_mm512_sub_ps(old1, m1));
            l0 = _mm512_mul_ps(l0, c0), l1 = _mm512_mul_ps(l1, c1);
            for (float* x = o.data; x < o + side * hd; x += side)
                _mm512_store_ps(x, _mm512_mul_ps(_mm512_load_ps(x), c0)), _mm512_store_ps(x + 16, _mm512_mul_ps(_mm512_load_ps(x + 16), c1));

            for (int r = 0; r < n * side; r += 2) {
                const float* x = s + r * side;
                a0 = power_of_two(_mm512_fmsub_ps(w, _mm512_load_ps(x), m0)), a1 = power_of_two(_mm512_fmsub_ps(w, _mm512_load_ps(x + 16), m1));
                b0 = power_of_two(_mm512_fmsub_ps(w, _mm512_load_ps(x + 32), m0)), b1 = power_of_two(_mm512_fmsub_ps(w, _mm512_load_ps(x + 48), m1));
                l0 = _mm512_add_ps(l0, _mm512_add_ps(a0, b0)), l1 = _mm512_add_ps(l1, _mm512_add_ps(a1, b1));
                interleave(p + r * side, rounded(a0, a1), rounded(b0, b1));
            }
            for (int d = 0; d < D; d++) product<true>(o + d * block, vt + (d * T + first) * block, side, block, p.data, n);
        }
        const __m512 one = _mm512_set1_ps(1), w0 = _mm512_div_ps(one, l0), w1 = _mm512_div_ps(one, l1);
        for (int d = 0; d < D; d++) from_transposed_sums(out + i * side * ldo + d * side, ldo, o + d * block, w0, w1);
        alignas(64) float m[side], l[side];
        _mm512_store_ps(m, m0), _mm512_store_ps(m + 16, m1), _mm512_store_ps(l, l0), _mm512_store_ps(l + 16, l1);
        for (int r = 0; r < side; r++) lse[i * side + r] = m[r] + std::log2(l[r]);
    }
}

/** The gradients of one head of one picture, with the strides of what they are the gradients of. */
static void backward(const bf16* g, const bf16* out, long ldo, const bf16* q, const bf16* k, const bf16* v, long ld, const float* lse,
                     bf16* dq, bf16* dk, bf16* dv, int t, int hd) {
    const int T = t / side, D = hd / side;
    const float root = 1 / std::sqrt(float(hd));
    const size_t all = size_t(t) * hd;
    Room<bf16> qt(all), gt(all), qp(all), gp(all), kt(all);  // Q^T and dO^T [T][D], Q and dO [D][T], K^T [D][T]
    Room<float> delta(t), dqt(all), dks(key_span * side * hd), dvs(key_span * side * hd);  // dQ^T [T][D], dK and dV [keys][D]
    Room<bf16> p(key_span * query_span * block), ds(key_span * query_span * block), dsp(key_span * query_span * block);  // P^T and dS^T [keys][queries], dS^T as pairs [queries][keys]
    Room<float> s(block), dp(block);
    for (int i = 0; i < T; i++)
        for (int d = 0; d < D; d++) {
            const bf16 *qi = q + i * side * ld + d * side, *gi = g + i * side * ldo + d * side;
            to_transposed_pairs(qt + (i * D + d) * block, qi, ld), to_transposed_pairs(gt + (i * D + d) * block, gi, ldo);
            to_pairs(qp + (d * T + i) * block, qi, ld), to_pairs(gp + (d * T + i) * block, gi, ldo);
            to_transposed_rows(kt + (d * T + i) * block, k + i * side * ld + d * side, ld);
        }
    for (int r = 0; r < t; r++) {
        __m512 sum = _mm512_setzero_ps();
        for (int d = 0; d < hd; d += 32)
            sum = _mm512_dpbf16_ps(sum, (__m512bh)_mm512_loadu_si512(g + r * ldo + d), (__m512bh)_mm512_loadu_si512(out + r * ldo + d));
        delta.data[r] = _mm512_reduce_add_ps(sum);
    }
    std::memset(dqt.data, 0, all * sizeof(float));

    const __m512 scale = _mm512_set1_ps(root * log2e), w = _mm512_set1_ps(root), one = _mm512_set1_ps(1);
    for (int j0 = 0; j0 < T; j0 += key_span) {
        const int j1 = std::min(j0 + key_span, T);
        std::memset(dks.data, 0, key_span * side * hd * sizeof(float)), std::memset(dvs.data, 0, key_span * side * hd * sizeof(float));
        for (int i0 = j0; i0 < T; i0 += query_span) {
            const int i1 = std::min(i0 + query_span, T);
            for (int i = i0; i < i1; i++) {
                const __m512 L0 = _mm512_loadu_ps(lse + i * side), L1 = _mm512_loadu_ps(lse + i * side + 16);
                const __m512 d0 = _mm512_load_ps(delta + i * side), d1 = _mm512_load_ps(delta + i * side + 16);
                for (int j = j0; j < std::min(j1, i + 1); j++) {
                    product<false>(s.data, k + j * side * ld, ld, side, qt + i * D * block, D);
                    product<false>(dp.data, v + j * side * ld, ld, side, gt + i * D * block, D);
                    if (i == j) mask_diagonal(s.data);
                    bf16 *pb = p + ((j - j0) * query_span + i - i0) * block, *db = ds + ((j - j0) * query_span + i - i0) * block;
                    bf16* dpairs = dsp + ((i - i0) * key_span + j - j0) * block;
                    for (int r = 0; r < block; r += 2 * side) {
                        __m512i row[2];
#pragma GCC unroll 2
                        for (int e = 0; e < 2; e++) {
                            const float *x = s + r + e * side, *y = dp + r + e * side;
                            const __m512 p0 = power_of_two(_mm512_fmsub_ps(scale, _mm512_load_ps(x), L0));
                            const __m512 p1 = power_of_two(_mm512_fmsub_ps(scale, _mm512_load_ps(x + 16), L1));
                            row[e] = rounded(_mm512_mul_ps(p0, _mm512_sub_ps(_mm512_load_ps(y), d0)), _mm512_mul_ps(p1, _mm512_sub_ps(_mm512_load_ps(y + 16), d1)));
                            _mm512_store_si512(pb + r + e * side, rounded(p0, p1)), _mm512_store_si512(db + r + e * side, row[e]);
                        }
                        interleave(dpairs + r, row[0], row[1]);
                    }
                }
            }
            for (int d = 0; d < D; d++) {
                for (int j = j0; j < j1; j++) {
                    const int i = std::max(i0, j), from = ((j - j0) * query_span + i - i0) * block, to = ((j - j0) * D + d) * block;
                    product<true>(dvs + to, p + from, side, block, gp + (d * T + i) * block, i1 - i);
                    product<true>(dks + to, ds + from, side, block, qp + (d * T + i) * block, i1 - i);
                }
                for (int i = i0; i < i1; i++)
                    product<true>(dqt + (i * D + d) * block, kt + (d * T + j0) * block, side, block, dsp + (i - i0) * key_span * block, std::min(j1, i + 1) - j0);
            }
        }
        for (int j = j0; j < j1; j++)
            for (int d = 0; d < D; d++) {
                from_sums(dv + j * side * ld + d * side, ld, dvs + ((j - j0) * D + d) * block, one, one);
                from_sums(dk + j * side * ld + d * side, ld, dks + ((j - j0) * D + d) * block, w, w);
            }
    }
    for (int i = 0; i < T; i++)
        for (int d = 0; d < D; d++) from_transposed_sums(dq + i * side * ld + d * side, ld, dqt + (i * D + d) * block, w, w);
}

/** Asks Linux for the tile registers' state, XTILEDATA = 18; 0 if it grants them. */
extern "C" int attention_init() { return syscall(SYS_arch_prctl, 0x1023 /* ARCH_REQ_XCOMP_PERM */, 18) ? 1 : 0; }

/** qkv: [b, t, 3, heads, hd]; out: [b, t, heads, hd]; lse: [b, heads, t]. t and hd are multiples of 32. */
extern "C" void attention_forward(const bf16* qkv, bf16* out, float* lse, int b, int t, int heads, int hd) {
    const long d = long(heads) * hd;
#pragma omp parallel
    {
        Tiles tiles;
#pragma omp for schedule(dynamic)
        for (int i = 0; i < b * heads; i++) {
            const bf16* q = qkv + i / heads * t * 3 * d + i % heads * hd;
            forward(q, q + d, q + 2 * d, 3 * d, out + i / heads * t * d + i % heads * hd, d, lse + long(i) * t, t, hd);
        }
    }
}

/** `dout`, `dqkv`: the gradients of out and qkv, laid out as these are. */
extern "C" void attention_backward(const bf16* dout, const bf16* qkv, const bf16* out, const float* lse, bf16* dqkv, int b, int t, int heads, int hd) {
    const long d = long(heads) * hd;
#pragma omp parallel
    {
        Tiles tiles;
#pragma omp for schedule(dynamic)
        for (int i = 0; i < b * heads; i++) {
            const long at = i / heads * t * d + i % heads * hd, at3 = i / heads * t * 3 * d + i % heads * hd;
            const bf16* q = qkv + at3;
            bf16* dq = dqkv + at3;
            backward(dout + at, out + at, d, q, q + d, q + 2 * d, 3 * d, lse + long(i) * t, dq, dq + d, dq + 2 * d, t, hd);
        }
    }
}
