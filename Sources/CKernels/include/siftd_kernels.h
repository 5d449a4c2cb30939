#ifndef SIFTD_KERNELS_H
#define SIFTD_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The few loops of the network that are worth writing for each kind of vector unit. Every function
// is pure: it reads what its arguments name, writes what they name, and keeps nothing.

/// Which vector unit a kernel is made for. A larger one is faster where the CPU has it.
typedef enum {
    siftd_unit_baseline = 0,  // SSE2 on x86-64, NEON on arm64
    siftd_unit_avx2 = 1,
    siftd_unit_avx512 = 2,    // with the byte and word instructions (BW)
} siftd_unit;

/// The largest unit this CPU has.
siftd_unit siftd_best_unit(void);

/// Filters are stored in blocks of this many, filled up with zeros.
enum { siftd_filter_block = 32 };

/// A table of offset slices: one row per word, `stride` entries each, of which those of width place
/// p and offset o begin at `(sum of the widths before p + o) * filters`.
typedef struct {
    const void *entries;   // [vocabulary, stride]: int8_t or int16_t, aligned to 64 bytes
    size_t stride;         // entries of a row, sum of widths * filters
    size_t filters;        // a multiple of siftd_filter_block
    const int32_t *widths; // [width_count], each at least 1
    size_t width_count;
} siftd_table;

/// The largest window sum of each filter over a message, at least 0, into `best`, which is
/// [width_count, filters], zero before the call, and aligned to 64 bytes. Ids must be words of the
/// table. No sum of `width` entries may leave int16_t.
void siftd_best_sums_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                          size_t count, int16_t *best);
void siftd_best_sums_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                           size_t count, int16_t *best);

/// Where those sums are: the start of the first window of each filter whose sum is `best`, into
/// `starts`, which is [width_count, filters] and aligned to 64 bytes. `count` is below 65536. What no
/// window reaches, as a `best` of 0 may be, is left as it was.
void siftd_first_windows_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                              size_t count, const int16_t *best, uint16_t *starts);
void siftd_first_windows_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                               size_t count, const int16_t *best, uint16_t *starts);

/// `outputs[row]` += the sum of `inputs[i] * weights[row * count + i]`; the same bits for every unit.
void siftd_dense(siftd_unit unit, const float *inputs, const float *weights, size_t count,
                 size_t rows, float *outputs);

/// `largest[i] = max(largest[i], |values[i]|)`; what is no number is passed over.
void siftd_raise_to_magnitudes(const float *values, float *largest, size_t count);

/// `target[i]` = `values[i] * factors[i]`, rounded to the nearest, 0 when beyond +-`limit`.
void siftd_quantize_int8(const float *values, const float *factors, float limit, int8_t *target,
                         size_t count);
void siftd_quantize_int16(const float *values, const float *factors, float limit, int16_t *target,
                          size_t count);

/// Zeroed memory aligned to 64 bytes, in huge pages where the system gives them; NULL when there is
/// none.
void *siftd_table_allocate(size_t bytes);
void siftd_table_free(void *memory, size_t bytes);

#endif
