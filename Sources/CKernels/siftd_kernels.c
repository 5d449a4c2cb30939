#include "siftd_kernels.h"

// A product and a sum fused into one rounding would differ between units that can and can't.
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

#if defined(__x86_64__)

#define NAME dense_avx2
#define TARGET __attribute__((target("avx2")))
#include "dense.inc"

#define NAME dense_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "dense.inc"

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

siftd_unit siftd_best_unit(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        return siftd_unit_avx512;
    return __builtin_cpu_supports("avx2") ? siftd_unit_avx2 : siftd_unit_baseline;
}

void siftd_best_sums_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                          size_t count, int16_t *best) {
    switch (unit) {
    case siftd_unit_avx512: best_sums_int8_avx512(table, ids, count, best); break;
    case siftd_unit_avx2: best_sums_int8_avx2(table, ids, count, best); break;
    default: best_sums_int8_baseline(table, ids, count, best); break;
    }
}

void siftd_first_windows_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                            size_t count, const int16_t *best, uint16_t *starts) {
    switch (unit) {
    case siftd_unit_avx512: best_sums_int8_avx512_first(table, ids, count, best, starts); break;
    case siftd_unit_avx2: best_sums_int8_avx2_first(table, ids, count, best, starts); break;
    default: best_sums_int8_baseline_first(table, ids, count, best, starts); break;
    }
}

void siftd_best_sums_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                           size_t count, int16_t *best) {
    switch (unit) {
    case siftd_unit_avx512: best_sums_int16_avx512(table, ids, count, best); break;
    case siftd_unit_avx2: best_sums_int16_avx2(table, ids, count, best); break;
    default: best_sums_int16_baseline(table, ids, count, best); break;
    }
}

void siftd_first_windows_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                            size_t count, const int16_t *best, uint16_t *starts) {
    switch (unit) {
    case siftd_unit_avx512: best_sums_int16_avx512_first(table, ids, count, best, starts); break;
    case siftd_unit_avx2: best_sums_int16_avx2_first(table, ids, count, best, starts); break;
    default: best_sums_int16_baseline_first(table, ids, count, best, starts); break;
    }
}

void siftd_dense(siftd_unit unit, const float *inputs, const float *weights, size_t count,
                 size_t rows, float *outputs) {
    switch (unit) {
    case siftd_unit_avx512: dense_avx512(inputs, weights, count, rows, outputs); break;
    case siftd_unit_avx2: dense_avx2(inputs, weights, count, rows, outputs); break;
    default: dense_baseline(inputs, weights, count, rows, outputs); break;
    }
}

#else

siftd_unit siftd_best_unit(void) { return siftd_unit_baseline; }

void siftd_dense(siftd_unit unit, const float *inputs, const float *weights, size_t count,
                 size_t rows, float *outputs) {
    (void)unit;
    dense_baseline(inputs, weights, count, rows, outputs);
}

void siftd_best_sums_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                          size_t count, int16_t *best) {
    (void)unit;
    best_sums_int8_baseline(table, ids, count, best);
}

void siftd_first_windows_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                            size_t count, const int16_t *best, uint16_t *starts) {
    (void)unit;
    best_sums_int8_baseline_first(table, ids, count, best, starts);
}

void siftd_best_sums_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                           size_t count, int16_t *best) {
    (void)unit;
    best_sums_int16_baseline(table, ids, count, best);
}

void siftd_first_windows_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                            size_t count, const int16_t *best, uint16_t *starts) {
    (void)unit;
    best_sums_int16_baseline_first(table, ids, count, best, starts);
}

#endif

// Building a table. Plain loops that the compiler turns into vector code of the baseline; the matrix
// product in front of them costs more.

void siftd_raise_to_magnitudes(const float *values, float *largest, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float size = fabsf(values[i]);
        largest[i] = size > largest[i] ? size : largest[i];
    }
}

// Adding and taking away 1.5 * 2^23 rounds to the nearest whole number, ties to even, for all that
// is smaller than 2^22.
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
    // Twice as many addresses as asked for, so that the part in use begins at a huge page.
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
