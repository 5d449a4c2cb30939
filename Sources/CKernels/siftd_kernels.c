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

#define UNIT baseline
#define LANES 4
#define TARGET
#include "layers.inc"

#if defined(__x86_64__)

#define NAME dense_avx2
#define TARGET __attribute__((target("avx2")))
#include "dense.inc"

#define NAME dense_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "dense.inc"

#define UNIT avx2
#define LANES 8
#define TARGET __attribute__((target("avx2")))
#include "layers.inc"

#define UNIT avx512
#define LANES 16
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "layers.inc"

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
typedef void dense(const float *, const float *, size_t, size_t, float *);
typedef void multiply_rows(const float *, size_t, size_t, const float *, size_t, float *);
typedef void largest(const void *, size_t, const int32_t *, const uint32_t *, size_t, size_t,
                     float *);

/// The kernels of one vector unit.
struct kernels {
    best_sums *best_sums_int8, *best_sums_int16;
    first_windows *first_windows_int8, *first_windows_int16;
    dense *dense;
    multiply_rows *multiply_rows;
    largest *largest[3];
};

#define KERNELS(unit)                                                                             \
    {                                                                                             \
        best_sums_int8_##unit, best_sums_int16_##unit, best_sums_int8_##unit##_first,             \
            best_sums_int16_##unit##_first, dense_##unit, multiply_rows_##unit, {                 \
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
                 size_t rows, float *outputs) {
    kernels_of(unit)->dense(inputs, weights, count, rows, outputs);
}

void siftd_multiply_rows(siftd_unit unit, const float *left, size_t rows, size_t inner,
                         const float *right, size_t columns, float *sums) {
    kernels_of(unit)->multiply_rows(left, rows, inner, right, columns, sums);
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
