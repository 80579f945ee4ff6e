// Causal attention and its gradient for CPUs with AMX, bf16 in and out, f32 in between.
//
// FlashAttention (Dao et al. 2022; Dao 2023): the scores are made block by block and never stored. The forward pass
// keeps a running maximum and sum per query, and leaves one number per query, L = log2 of the sum of exponentials.
// The backward pass makes P = 2^(S - L) again and with delta = rowsum(dO * O)
//   dV = P^T dO,   dP = dO V^T,   dS = P * (dP - delta),   dQ = dS K * scale,   dK = dS^T Q * scale.
//
// Scores stand transposed, keys down and queries across, so that maxima, sums, L and delta are vectors over queries and
// nothing is ever summed along a vector. All matrices are cut in blocks of 32 x 32, which have one of three forms:
//   rows   bf16 [32][32], the left factor of a product; or 32 rows of a tensor where they lie
//   pairs  bf16 [16][32][2], the right factor: rows 2r and 2r + 1 interleaved
//   sums   f32 [32][32], the product
// Names say X^T where a matrix is stored transposed; [T][D] says in which order its blocks stand.
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
constexpr int span = 4;  // blocks of keys, and in the backward pass of queries, that are taken at once
constexpr float log2e = 1.44269504f;

/** Memory on a cache line's boundary. */
template <class T>
struct Room {
    T* data;
    Room(long n) : data(static_cast<T*>(std::aligned_alloc(64, n * sizeof(T)))) {}
    Room(const Room&) = delete;
    ~Room() { std::free(data); }
    T* operator+(long i) const { return data + i; }
};

/** A bf16 matrix inside a tensor, by blocks; `ld` is the distance of its rows. */
template <class T>
struct View {
    T* data;
    long ld;
    T* at(int i, int j) const { return data + i * side * ld + j * side; }
};
using Input = View<const bf16>;
using Output = View<bf16>;

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

/** 32 numbers, one for each query or column. */
struct Row {
    __m512 left, right;
    static Row all(float x) { return {_mm512_set1_ps(x), _mm512_set1_ps(x)}; }
    static Row load(const float* x) { return {_mm512_loadu_ps(x), _mm512_loadu_ps(x + 16)}; }
    void store(float* x) const { _mm512_store_ps(x, left), _mm512_store_ps(x + 16, right); }
    __m512i rounded() const { return (__m512i)_mm512_cvtne2ps_pbh(right, left); }
};
inline Row operator+(Row a, Row b) { return {a.left + b.left, a.right + b.right}; }
inline Row operator-(Row a, Row b) { return {a.left - b.left, a.right - b.right}; }
inline Row operator*(Row a, Row b) { return {a.left * b.left, a.right * b.right}; }
inline Row operator/(Row a, Row b) { return {a.left / b.left, a.right / b.right}; }
inline Row greater(Row a, Row b) { return {_mm512_max_ps(a.left, b.left), _mm512_max_ps(a.right, b.right)}; }

/** 2^x with a relative error of at most 7.5e-5 (bf16: 2e-3); 0 for -inf. Minimax polynomial of 2^f for 0 <= f < 1. */
inline __m512 power_of_two(__m512 x) {
    const __m512 f = _mm512_reduce_ps(x, 1);  // x - floor(x)
    return _mm512_scalef_ps(((f * 0.07802452f + 0.22606716f) * f + 0.69583354f) * f + 0.99992522f, x);
}
inline Row power_of_two(Row x) { return {power_of_two(x.left), power_of_two(x.right)}; }

/** Two rows of 32 bf16, interleaved. */
inline void interleave(bf16* to, __m512i a, __m512i b) {
    const __m512i low = _mm512_unpacklo_epi16(a, b), high = _mm512_unpackhi_epi16(a, b);  // eighths 0 2 4 6 and 1 3 5 7
    _mm512_store_si512(to, _mm512_permutex2var_epi64(low, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), high));
    _mm512_store_si512(to + 32, _mm512_permutex2var_epi64(low, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), high));
}

/** Transposes 16 x 16 words of 32 bits; the strides are bytes from row to row. */
inline void transpose16(void* to, long to_stride, const void* from, long from_stride) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i r[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) r[i] = _mm512_loadu_si512((const char*)from + i * from_stride);
#pragma GCC unroll 4
    for (int s = 1; s < 16; s *= 2) {  // swaps the off-diagonal quarters of every 2s x 2s square
        const __mmask16 right = _mm512_test_epi32_mask(lane, _mm512_set1_epi32(s));
        const __m512i upper = _mm512_mask_add_epi32(lane, right, lane, _mm512_set1_epi32(16 - s));
        const __m512i lower = _mm512_add_epi32(upper, _mm512_set1_epi32(s));
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {
            if (i & s) continue;
            const __m512i a = r[i], b = r[i + s];
            r[i] = _mm512_permutex2var_epi32(a, upper, b), r[i + s] = _mm512_permutex2var_epi32(a, lower, b);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) _mm512_storeu_si512((char*)to + i * to_stride, r[i]);
}

/** Block (i, j) of X as pairs. */
inline void to_pairs(bf16* to, Input x, int i, int j) {
    const bf16* from = x.at(i, j);
    for (int r = 0; r < side; r += 2, from += 2 * x.ld) interleave(to + r * side, _mm512_loadu_si512(from), _mm512_loadu_si512(from + x.ld));
}

/** Its transpose as pairs. */
inline void to_transposed_pairs(bf16* to, Input x, int i, int j) {
    for (int half : {0, 16}) transpose16(to + 2 * half, 128, x.at(i, j) + half * x.ld, x.ld * 2);
}

/** Its transpose as rows. */
inline void to_transposed_rows(bf16* to, Input x, int i, int j) {
    alignas(64) bf16 pairs[block];
    to_pairs(pairs, x, i, j);
    for (int half : {0, 16}) transpose16(to + half * side, 64, pairs + 2 * half, 128);
}

/** Block (i, j) of X = C, columns times `factors`. */
inline void from_sums(Output x, int i, int j, const float* c, Row factors) {
    for (int r = 0; r < side; r++) _mm512_storeu_si512(x.at(i, j) + r * x.ld, (Row::load(c + r * side) * factors).rounded());
}

/** Block (i, j) of X = C^T, rows times `factors`. Spoils C. */
inline void from_transposed_sums(Output x, int i, int j, float* c, Row factors) {
    alignas(64) float turned[block];
    for (int r = 0; r < block; r += side) (Row::load(c + r) * factors).store(c + r);
    for (int row : {0, 16})
        for (int column : {0, 16}) transpose16(turned + column * side + row, 128, c + row * side + column, 128);
    from_sums(x, i, j, turned, Row::all(1));
}

/** Scores of a block on the diagonal: -inf where the key comes after the query. */
inline void mask_diagonal(float* s) {
    for (int key = 1; key < side; key++)
        for (int half : {0, 16}) {
            const __mmask16 before = (1u << std::clamp(key - half, 0, 16)) - 1;
            _mm512_mask_store_ps(s + key * side + half, before, _mm512_set1_ps(-INFINITY));
        }
}

/** Attention of single heads of [t, hd]. Its room is made once, as fresh memory costs more than filling it. */
struct Forward {
    const int t, hd, T = t / side, D = hd / side;
    Room<bf16> vt{t * hd}, qt{side * hd}, p{span * block};  // V^T [D][T] and, of 32 queries, Q^T [D] and P^T [keys]
    Room<float> s{span * block}, o{side * hd};              // S^T [keys] and O^T [D]

    void operator()(Input q, Input k, Input v, Output out, float* L) {
        const Row scale = Row::all(log2e / std::sqrt(float(hd)));
        for (int j = 0; j < T; j++)
            for (int d = 0; d < D; d++) to_transposed_rows(vt + (d * T + j) * block, v, j, d);
        for (int i = 0; i < T; i++) {
            for (int d = 0; d < D; d++) to_transposed_pairs(qt + d * block, q, i, d);
            std::memset(o + 0, 0, sizeof(float) * side * hd);
            Row highest = Row::all(-INFINITY), total = Row::all(0);
            for (int j = 0; j <= i; j += span) {
                const int n = std::min(span, i + 1 - j);
                for (int e = 0; e < n; e++) product<false>(s + e * block, k.at(j + e, 0), k.ld, side, qt + 0, D);
                if (j + n > i) mask_diagonal(s + (n - 1) * block);

                Row even = Row::load(s + 0), odd = Row::load(s + side);
                for (int r = 2 * side; r < n * block; r += 2 * side)
                    even = greater(even, Row::load(s + r)), odd = greater(odd, Row::load(s + r + side));
                const Row before = highest;
                highest = greater(highest, greater(even, odd) * scale);
                const Row shrink = power_of_two(before - highest);
                for (int r = 0; r < side * hd; r += side) (Row::load(o + r) * shrink).store(o + r);

                total = total * shrink;
                for (int r = 0; r < n * block; r += 2 * side) {
                    even = power_of_two(Row::load(s + r) * scale - highest);
                    odd = power_of_two(Row::load(s + r + side) * scale - highest);
                    total = total + (even + odd);
                    interleave(p + r, even.rounded(), odd.rounded());
                }
                for (int d = 0; d < D; d++) product<true>(o + d * block, vt + (d * T + j) * block, side, block, p + 0, n);
            }
            for (int d = 0; d < D; d++) from_transposed_sums(out, i, d, o + d * block, Row::all(1) / total);
            alignas(64) float most[side], sum[side];
            highest.store(most), total.store(sum);
            for (int r = 0; r < side; r++) L[i * side + r] = most[r] + std::log2(sum[r]);
        }
    }
};

/** The gradients of single heads. */
struct Backward {
    const int t, hd, T = t / side, D = hd / side;
    Room<bf16> qt{t * hd}, gt{t * hd}, qp{t * hd}, gp{t * hd}, kt{t * hd};       // Q^T, dO^T [T][D], Q, dO [D][T], K^T [D][T]
    Room<bf16> p{span * span * block}, ds{span * span * block};                  // P^T and dS^T [keys][queries]
    Room<bf16> dsp{span * span * block};                                         // dS^T as pairs [queries][keys]
    Room<float> s{block}, dp{block}, deltas{t};                                   // S^T and dP^T of one block, delta
    Room<float> dqt{t * hd}, dks{span * side * hd}, dvs{span * side * hd};       // dQ^T [T][D], dK and dV [keys][D]

    void operator()(Input g, Input out, Input q, Input k, Input v, const float* L, Output dq, Output dk, Output dv) {
        const Row root = Row::all(1 / std::sqrt(float(hd)));
        for (int i = 0; i < T; i++)
            for (int d = 0; d < D; d++) {
                to_transposed_pairs(qt + (i * D + d) * block, q, i, d), to_transposed_pairs(gt + (i * D + d) * block, g, i, d);
                to_pairs(qp + (d * T + i) * block, q, i, d), to_pairs(gp + (d * T + i) * block, g, i, d);
                to_transposed_rows(kt + (d * T + i) * block, k, i, d);
            }
        for (int r = 0; r < t; r++) {
            __m512 sum = _mm512_setzero_ps();
            for (int d = 0; d < hd; d += side)
                sum = _mm512_dpbf16_ps(sum, (__m512bh)_mm512_loadu_si512(g.data + r * g.ld + d), (__m512bh)_mm512_loadu_si512(out.data + r * out.ld + d));
            *(deltas + r) = _mm512_reduce_add_ps(sum);
        }
        std::memset(dqt + 0, 0, sizeof(float) * t * hd);
        for (int j0 = 0; j0 < T; j0 += span) {
            const int j1 = std::min(j0 + span, T);
            std::memset(dks + 0, 0, sizeof(float) * span * side * hd), std::memset(dvs + 0, 0, sizeof(float) * span * side * hd);
            for (int i0 = j0; i0 < T; i0 += span) {
                const int i1 = std::min(i0 + span, T);
                for (int i = i0; i < i1; i++)
                    for (int j = j0; j < std::min(j1, i + 1); j++) gradient_of_scores(k, v, L, j0, j - j0, i0, i - i0);
                for (int d = 0; d < D; d++) {
                    for (int j = j0; j < j1; j++) {
                        const int i = std::max(i0, j), from = ((j - j0) * span + i - i0) * block, to = ((j - j0) * D + d) * block;
                        product<true>(dvs + to, p + from, side, block, gp + (d * T + i) * block, i1 - i);
                        product<true>(dks + to, ds + from, side, block, qp + (d * T + i) * block, i1 - i);
                    }
                    for (int i = i0; i < i1; i++)
                        product<true>(dqt + (i * D + d) * block, kt + (d * T + j0) * block, side, block, dsp + (i - i0) * span * block, std::min(j1, i + 1) - j0);
                }
            }
            for (int j = j0; j < j1; j++)
                for (int d = 0; d < D; d++) {
                    from_sums(dv, j, d, dvs + ((j - j0) * D + d) * block, Row::all(1));
                    from_sums(dk, j, d, dks + ((j - j0) * D + d) * block, root);
                }
        }
        for (int i = 0; i < T; i++)
            for (int d = 0; d < D; d++) from_transposed_sums(dq, i, d, dqt + (i * D + d) * block, root);
    }

    /** P^T and dS^T of key block j0 + y and query block i0 + x, at [y][x]. */
    void gradient_of_scores(Input k, Input v, const float* L, int j0, int y, int i0, int x) {
        const int i = i0 + x, j = j0 + y;
        product<false>(s + 0, k.at(j, 0), k.ld, side, qt + i * D * block, D);
        product<false>(dp + 0, v.at(j, 0), v.ld, side, gt + i * D * block, D);
        if (i == j) mask_diagonal(s + 0);
        const Row scale = Row::all(log2e / std::sqrt(float(hd))), l = Row::load(L + i * side), delta = Row::load(deltas + i * side);
        bf16 *to_p = p + (y * span + x) * block, *to_ds = ds + (y * span + x) * block, *to_pairs = dsp + (x * span + y) * block;
        for (int r = 0; r < block; r += 2 * side) {
            const Row p0 = power_of_two(Row::load(s + r) * scale - l), p1 = power_of_two(Row::load(s + r + side) * scale - l);
            const __m512i ds0 = (p0 * (Row::load(dp + r) - delta)).rounded(), ds1 = (p1 * (Row::load(dp + r + side) - delta)).rounded();
            _mm512_store_si512(to_p + r, p0.rounded()), _mm512_store_si512(to_p + r + side, p1.rounded());
            _mm512_store_si512(to_ds + r, ds0), _mm512_store_si512(to_ds + r + side, ds1);
            interleave(to_pairs + r, ds0, ds1);
        }
    }
};

/** Asks Linux for the state of the tile registers, XTILEDATA; 0 if it grants it. Before the first call of the others. */
extern "C" int attention_init() {
    constexpr int request = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM
    return syscall(SYS_arch_prctl, request, tile_data) ? 1 : 0;
}

/** Does work(kernel, b, h) for every head of every picture, with a kernel for each thread. */
template <class Kernel, class Work>
void each_head(int batch, int t, int heads, int hd, Work work) {
#pragma omp parallel
    {
        Tiles tiles;
        Kernel kernel{t, hd};
#pragma omp for schedule(dynamic)
        for (int i = 0; i < batch * heads; i++) work(kernel, i / heads, i % heads);
    }
}

/** qkv: [batch, t, 3, heads, hd]; out: [batch, t, heads, hd]; L: [batch, heads, t]. t and hd are multiples of 32. */
extern "C" void attention_forward(const bf16* qkv, bf16* out, float* L, int batch, int t, int heads, int hd) {
    const long d = heads * hd;
    each_head<Forward>(batch, t, heads, hd, [=](Forward& forward, long b, int h) {
        const bf16* q = qkv + b * t * 3 * d + h * hd;
        forward({q, 3 * d}, {q + d, 3 * d}, {q + 2 * d, 3 * d}, {out + b * t * d + h * hd, d}, L + (b * heads + h) * t);
    });
}

/** `dout` and `dqkv`, the gradients of out and qkv, are laid out as these are. */
extern "C" void attention_backward(const bf16* dout, const bf16* qkv, const bf16* out, const float* L, bf16* dqkv, int batch, int t, int heads, int hd) {
    const long d = heads * hd;
    each_head<Backward>(batch, t, heads, hd, [=](Backward& backward, long b, int h) {
        const long at = b * t * d + h * hd;
        const bf16* q = qkv + b * t * 3 * d + h * hd;
        bf16* dq = dqkv + b * t * 3 * d + h * hd;
        backward({dout + at, d}, {out + at, d}, {q, 3 * d}, {q + d, 3 * d}, {q + 2 * d, 3 * d}, L + (b * heads + h) * t,
                 {dq, 3 * d}, {dq + d, 3 * d}, {dq + 2 * d, 3 * d});
    });
}
