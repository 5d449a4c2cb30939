#include "siftd_kernels.h"

// Without this the compiler may fuse a product and a sum into one rounding on the units that can,
// and their results would differ from those of the others.
#pragma STDC FP_CONTRACT OFF

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// One source for every vector unit: see best_sums.inc.

#define NAME best_sums_int8_baseline
#define ENTRY int8_t
#define LANES 8
#define TARGET
#include "best_sums.inc"

#define NAME best_sums_int16_baseline
#define ENTRY int16_t
#define LANES 8
#define TARGET
#include "best_sums.inc"

#define NAME dense_baseline
#define TARGET
#include "dense.inc"

// Vectors of sixteen lanes, whatever the unit; see elements.inc.
typedef float lanes16 __attribute__((vector_size(64)));
typedef float loose16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t bits16 __attribute__((vector_size(64)));
typedef double doubles16 __attribute__((vector_size(128)));

// How such vectors are passed differs between units; all functions that take one are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define MULTIPLY_ADD(a, b, sum) ((sum) + (a) * (b))

#define UNIT baseline
#define LANES 4
#define TILE 8
#define TARGET
#include "layers.inc"

#define UNIT baseline
#define TARGET
#include "elements.inc"

#if defined(__x86_64__)

#define NAME dense_avx2
#define TARGET __attribute__((target("avx2")))
#include "dense.inc"

#define NAME dense_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "dense.inc"

#define UNIT avx2
#define LANES 8
#define TILE 12
#define TARGET __attribute__((target("avx2")))
#include "layers.inc"

#define UNIT avx2
#define TARGET __attribute__((target("avx2")))
#include "elements.inc"

#define UNIT avx512
#define LANES 16
#define TILE 16
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "layers.inc"

#define UNIT avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "elements.inc"

#define NAME best_sums_int8_avx2
#define ENTRY int8_t
#define LANES 16
#define TARGET __attribute__((target("avx2")))
#include "best_sums.inc"

#define NAME best_sums_int16_avx2
#define ENTRY int16_t
#define LANES 16
#define TARGET __attribute__((target("avx2")))
#include "best_sums.inc"

#define NAME best_sums_int8_avx512
#define ENTRY int8_t
#define LANES 32
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "best_sums.inc"

#define NAME best_sums_int16_avx512
#define ENTRY int16_t
#define LANES 32
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "best_sums.inc"

#endif

typedef void best_sums(const siftd_table *, const int32_t *, size_t, size_t, int16_t *);
typedef void first_windows(const siftd_table *, const int32_t *, size_t, size_t, const int16_t *,
                           uint16_t *);
typedef void dense(const float *, const float *, size_t, size_t, size_t, float *);
typedef void multiply(const siftd_product *, const float *, float *);
typedef void reduce(const float *, size_t, size_t, int, size_t, float *);
typedef void convolve_channels(const float *, size_t, size_t, size_t, size_t, const float *, size_t,
                               float *);
typedef void map(siftd_function, float *, size_t, size_t, size_t);
typedef void rectify(float *, size_t, float, float, float);
typedef void rectify_sums(const int16_t *, const float *, const float *, size_t, float *);
typedef void scale_rows(float *, size_t, size_t, const float *, const float *);
typedef void standardize(float *, size_t, size_t, double, const float *, const float *);
typedef void lstm_cells(float *, float *, size_t, size_t);
typedef void gru_states(const float *, size_t, const float *, size_t, float *, size_t, size_t);
typedef void largest(const void *, size_t, const int32_t *, const uint32_t *, size_t, size_t,
                     float *);

/// The kernels of one vector unit.
struct kernels {
    best_sums *best_sums_int8, *best_sums_int16;
    first_windows *first_windows_int8, *first_windows_int16;
    dense *dense;
    multiply *multiply;
    reduce *reduce;
    convolve_channels *convolve_channels;
    map *map;
    rectify *rectify;
    rectify_sums *rectify_sums;
    scale_rows *scale_rows;
    standardize *standardize;
    lstm_cells *lstm_cells;
    gru_states *gru_states;
    largest *largest[3];
};

#define KERNELS(unit)                                                                             \
    {                                                                                             \
        best_sums_int8_##unit, best_sums_int16_##unit, best_sums_int8_##unit##_first,             \
            best_sums_int16_##unit##_first, dense_##unit, multiply_##unit, reduce_##unit,        \
            convolve_channels_##unit, map_##unit, rectify_##unit, rectify_sums_##unit,            \
            scale_rows_##unit, standardize_##unit, lstm_cells_##unit, gru_states_##unit, {        \
            largest_float_##unit, largest_int16_##unit, largest_int8_##unit                       \
        }                                                                                         \
    }

static const struct kernels kernels[] = {
    [siftd_unit_baseline] = KERNELS(baseline),
#if defined(__x86_64__)
    [siftd_unit_avx2] = KERNELS(avx2),
    [siftd_unit_avx512] = KERNELS(avx512),
#endif
};

/// The kernels of a unit; those of the baseline for a unit that this architecture lacks.
static const struct kernels *kernels_of(siftd_unit unit) {
    const size_t index = (size_t)unit;
    return &kernels[index < sizeof kernels / sizeof *kernels ? index : siftd_unit_baseline];
}

siftd_unit siftd_best_unit(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        return siftd_unit_avx512;
    if (__builtin_cpu_supports("avx2")) return siftd_unit_avx2;
#endif
    return siftd_unit_baseline;
}

void siftd_best_sums_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                          size_t windows, size_t count, int16_t *best) {
    kernels_of(unit)->best_sums_int8(table, ids, windows, count, best);
}

void siftd_best_sums_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                           size_t windows, size_t count, int16_t *best) {
    kernels_of(unit)->best_sums_int16(table, ids, windows, count, best);
}

void siftd_first_windows_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                              size_t windows, size_t count, const int16_t *best, uint16_t *starts) {
    kernels_of(unit)->first_windows_int8(table, ids, windows, count, best, starts);
}

void siftd_first_windows_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                               size_t windows, size_t count, const int16_t *best, uint16_t *starts) {
    kernels_of(unit)->first_windows_int16(table, ids, windows, count, best, starts);
}

void siftd_dense(siftd_unit unit, const float *inputs, const float *weights, size_t count,
                 size_t rows, size_t batch, float *outputs) {
    kernels_of(unit)->dense(inputs, weights, count, rows, batch, outputs);
}

void siftd_multiply(siftd_unit unit, const siftd_product *product, const float *left,
                    float *result) {
    kernels_of(unit)->multiply(product, left, result);
}

void siftd_reduce(siftd_unit unit, const float *rows, size_t count, size_t stride, int sums,
                  size_t columns, float *result) {
    kernels_of(unit)->reduce(rows, count, stride, sums, columns, result);
}

void siftd_convolve_channels(siftd_unit unit, const float *left, size_t rows, size_t stride,
                             size_t entries, size_t jump, const float *kernel, size_t channels,
                             float *result) {
    kernels_of(unit)->convolve_channels(left, rows, stride, entries, jump, kernel, channels,
                                        result);
}

void siftd_map(siftd_unit unit, siftd_function function, float *values, size_t rows, size_t stride,
               size_t count) {
    kernels_of(unit)->map(function, values, rows, stride, count);
}

void siftd_rectify(siftd_unit unit, float *values, size_t count, float slope, float threshold,
                   float largest) {
    kernels_of(unit)->rectify(values, count, slope, threshold, largest);
}

void siftd_rectify_sums(siftd_unit unit, const int16_t *sums, const float *scales,
                        const float *bias, size_t count, float *features) {
    kernels_of(unit)->rectify_sums(sums, scales, bias, count, features);
}

void siftd_scale_rows(siftd_unit unit, float *values, size_t rows, size_t columns,
                      const float *factors, const float *offsets) {
    kernels_of(unit)->scale_rows(values, rows, columns, factors, offsets);
}

void siftd_standardize(siftd_unit unit, float *values, size_t rows, size_t width, double epsilon,
                       const float *scale, const float *offset) {
    kernels_of(unit)->standardize(values, rows, width, epsilon, scale, offset);
}

void siftd_lstm_cells(siftd_unit unit, float *sums, float *cells, size_t rows, size_t units) {
    kernels_of(unit)->lstm_cells(sums, cells, rows, units);
}

void siftd_gru_states(siftd_unit unit, const float *updates, size_t update_stride,
                      const float *candidates, size_t candidate_stride, float *states, size_t rows,
                      size_t units) {
    kernels_of(unit)->gru_states(updates, update_stride, candidates, candidate_stride, states,
                                 rows, units);
}

void siftd_largest_sums(siftd_unit unit, siftd_entry entry, const void *table, size_t filters,
                        const int32_t *ids, const uint32_t *starts, size_t count, size_t width,
                        float *best) {
    kernels_of(unit)->largest[entry](table, filters, ids, starts, count, width, best);
}

// Building a table. The compiler turns these plain loops into vector code of the baseline, which is
// enough: the matrix product before them takes longer.

void siftd_raise_to_magnitudes(const float *values, float *largest, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float size = fabsf(values[i]);
        largest[i] = size > largest[i] ? size : largest[i];
    }
}

// Adding and subtracting 1.5 * 2^23 rounds a number below 2^22 to the nearest integer, ties to
// even.
static inline float nearest(float value) {
    const float magic = 12582912.0f;
    return (value + magic) - magic;
}

void siftd_quantize_int8(const float *values, const float *factors, float limit, int8_t *target,
                         size_t count) {
    for (size_t i = 0; i < count; i++) {
        float value = values[i] * factors[i];
        target[i] = fabsf(value) <= limit ? (int8_t)nearest(value) : 0;
    }
}

void siftd_quantize_int16(const float *values, const float *factors, float limit, int16_t *target,
                          size_t count) {
    for (size_t i = 0; i < count; i++) {
        float value = values[i] * factors[i];
        target[i] = fabsf(value) <= limit ? (int16_t)nearest(value) : 0;
    }
}

enum { huge_page = 2 * 1024 * 1024 };

static size_t whole_pages(size_t bytes) { return (bytes + huge_page - 1) / huge_page * huge_page; }

void *siftd_table_allocate(size_t bytes) {
    // One huge page more than needed, so that a part that begins at a huge page can be kept.
    size_t size = whole_pages(bytes == 0 ? 1 : bytes);
    char *area = mmap(NULL, size + huge_page, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (area == MAP_FAILED) return NULL;
    size_t front = (huge_page - (uintptr_t)area % huge_page) % huge_page;
    if (front != 0) munmap(area, front);
    if (huge_page - front != 0) munmap(area + front + size, huge_page - front);
#ifdef MADV_HUGEPAGE
    madvise(area + front, size, MADV_HUGEPAGE);
#endif
    return area + front;
}

void siftd_table_free(void *memory, size_t bytes) {
    if (memory != NULL) munmap(memory, whole_pages(bytes == 0 ? 1 : bytes));
}
