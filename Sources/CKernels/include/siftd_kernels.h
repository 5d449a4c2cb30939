#ifndef SIFTD_KERNELS_H
#define SIFTD_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The loops of the network that are compiled for each kind of vector unit. No function keeps state:
// each reads and writes only the memory its arguments point to, so any thread may call it.

/// The vector unit a kernel is compiled for. A larger value is faster on a CPU that has the unit.
typedef enum {
    siftd_unit_baseline = 0,  // SSE2 on x86-64, NEON on arm64
    siftd_unit_avx2 = 1,
    siftd_unit_avx512 = 2,    // with the byte and word instructions (BW)
} siftd_unit;

/// The largest unit of this CPU.
siftd_unit siftd_best_unit(void);

/// The filters of a width are padded with zeros to a multiple of this many.
enum { siftd_filter_block = 32 };

/// A serving table: one row for each word of the vocabulary. In a row, the entries of the width
/// with index w at window offset o begin at `(sum of the widths before w + o) * filters`.
typedef struct {
    const void *entries;   // [vocabulary, stride]: int8_t or int16_t, aligned to 64 bytes
    size_t stride;         // entries of a row, sum of widths * filters
    size_t filters;        // a multiple of siftd_filter_block
    const int32_t *widths; // [width_count], each at least 1
    size_t width_count;
} siftd_table;

/// The largest window sum of each filter over a message, at least 0, into `best`, which is
/// [width_count, filters], zero before the call, and aligned to 64 bytes. `windows`, at most
/// `count`, of the message's words begin a window; all of them may be in one. Ids must be words of
/// the table. No sum of `width` entries may leave int16_t.
void siftd_best_sums_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                          size_t windows, size_t count, int16_t *best);
void siftd_best_sums_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                           size_t windows, size_t count, int16_t *best);

/// The windows those sums come from: writes the start of the first window of each filter whose sum
/// is `best` into `starts`, which is [width_count, filters] and aligned to 64 bytes. `count` is
/// below 65536. A start is not written when no window has that sum, which happens for a `best` of
/// 0.
void siftd_first_windows_int8(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                              size_t windows, size_t count, const int16_t *best, uint16_t *starts);
void siftd_first_windows_int16(siftd_unit unit, const siftd_table *table, const int32_t *ids,
                               size_t windows, size_t count, const int16_t *best, uint16_t *starts);

/// The features that belong to window sums of `count` filters:
/// `features[i] = max(0, bias[i] + sums[i] * scales[i])`.
void siftd_rectify_sums(siftd_unit unit, const int16_t *sums, const float *scales,
                        const float *bias, size_t count, float *features);

/// Adds the sum of `inputs[item * count + i] * weights[row * count + i]` over `count` inputs to
/// `outputs[item * rows + row]`, for `rows` rows and `batch` items; the same bits on every unit,
/// and for an item alone.
void siftd_dense(siftd_unit unit, const float *inputs, const float *weights, size_t count,
                 size_t rows, size_t batch, float *outputs);

/// A matrix's columns are stored in panels of this many, the last one filled up with zeros.
enum { siftd_panel_columns = 32 };

/// Terms that are summed one after the other at most; longer sums are sums of such sums, which are
/// more exact and keep a part of a panel in the CPU's first cache.
enum { siftd_terms_together = 256 };

/// A product of rows with a matrix [segments * part, columns].
typedef struct {
    const float *panels;  // [panels, segments * part, siftd_panel_columns]
    const float *bias;    // [panels, siftd_panel_columns], or NULL: adds to what the result holds
    size_t columns;
    size_t rows;
    size_t stride;        // numbers from one row to the next, which may overlap
    size_t segments;      // a row is so many stretches
    size_t part;          // of so many numbers,
    size_t jump;          // which begin so many numbers behind one another
    size_t result_stride; // numbers from one row of the result to the next
    int clamps;           // whether numbers below 0 become 0
} siftd_product;

/// Writes the product of the rows at `left` to `result`. Each number is summed in an order that its
/// row's length alone decides, so a row's result does not depend on the others, and every unit
/// gives the same bits.
void siftd_multiply(siftd_unit unit, const siftd_product *product, const float *left,
                    float *result);

/// The largest number, or the sum, of each column of `count` rows, at least one, which begin
/// `stride` numbers behind one another. A number that is none is never the largest but in the first
/// row.
void siftd_reduce(siftd_unit unit, const float *rows, size_t count, size_t stride, int sums,
                  size_t columns, float *result);

/// A convolution of each channel by itself: `result[row, c]` is the sum over `entries` of
/// `left[row * stride + entry * jump + c] * kernel[entry, c]`.
void siftd_convolve_channels(siftd_unit unit, const float *left, size_t rows, size_t stride,
                             size_t entries, size_t jump, const float *kernel, size_t channels,
                             float *result);

/// Functions of single numbers, within 2e-7 of the exact value times the larger of it and 1.
typedef enum {
    siftd_sigmoid = 0,
    siftd_tanh = 1,
    siftd_silu = 2,
    siftd_gelu = 3,
    siftd_exponential = 4,
    siftd_relu = 5,
} siftd_function;

/// Replaces the first `count` numbers of each row by their images; rows begin `stride` numbers
/// behind one another. The same bits on every unit, wherever a number stands.
void siftd_map(siftd_unit unit, siftd_function function, float *values, size_t rows, size_t stride,
               size_t count);

/// Keras' ReLU: `min(x, largest)` from the threshold on, `slope * (x - threshold)` below it.
void siftd_rectify(siftd_unit unit, float *values, size_t count, float slope, float threshold,
                   float largest);

/// `values[row, i] = values[row, i] * factors[i] + offsets[i]`.
void siftd_scale_rows(siftd_unit unit, float *values, size_t rows, size_t columns,
                      const float *factors, const float *offsets);

/// Brings each row to mean 0 and variance 1, then scales and shifts its numbers; no scale or offset
/// if NULL. `epsilon` is added to the variance.
void siftd_standardize(siftd_unit unit, float *values, size_t rows, size_t width, double epsilon,
                       const float *scale, const float *offset);

/// A step of an LSTM: sums are [rows, 4, units], the gates and candidate (input, forget, candidate,
/// output). Replaces the cells, [rows, units], and the candidates by the new cells.
void siftd_lstm_cells(siftd_unit unit, float *sums, float *cells, size_t rows, size_t units);

/// A step of a GRU: `state = update * state + (1 - update) * candidate`; states are [rows, units].
void siftd_gru_states(siftd_unit unit, const float *updates, size_t update_stride,
                      const float *candidates, size_t candidate_stride, float *states, size_t rows,
                      size_t units);

/// The kinds of entries of an imported network's tables.
typedef enum { siftd_entry_float = 0, siftd_entry_int16 = 1, siftd_entry_int8 = 2 } siftd_entry;

/// Raises `best`, [filters], to the largest sums of the windows that begin at `starts`, [count].
/// The table is [vocabulary, width, filters], `filters` a multiple of 16; every id from a start on,
/// for `width` ids, must be one of its rows. Integer entries are summed as floats.
void siftd_largest_sums(siftd_unit unit, siftd_entry entry, const void *table, size_t filters,
                        const int32_t *ids, const uint32_t *starts, size_t count, size_t width,
                        float *best);

/// `largest[i] = max(largest[i], |values[i]|)`; values that are not a number are ignored.
void siftd_raise_to_magnitudes(const float *values, float *largest, size_t count);

/// `target[i] = values[i] * factors[i]`, rounded to the nearest integer; 0 if it is not within
/// +-`limit`.
void siftd_quantize_int8(const float *values, const float *factors, float limit, int8_t *target,
                         size_t count);
void siftd_quantize_int16(const float *values, const float *factors, float limit, int16_t *target,
                          size_t count);

/// Zeroed memory aligned to 2 MiB, in huge pages if the system grants them (madvise(2)); NULL when
/// there is none.
void *siftd_table_allocate(size_t bytes);
/// Releases memory from `siftd_table_allocate`; `bytes` is the size that was asked for.
void siftd_table_free(void *memory, size_t bytes);

#endif
