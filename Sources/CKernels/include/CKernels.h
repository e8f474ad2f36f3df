// The inner loops that BLAS does not have. Maps are NHWC: the channels of a pixel lie together.
#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What follows a product or a convolution.
enum kernel_activation { kernel_activation_none, kernel_activation_relu, kernel_activation_relu6 };

/// Sizes of a convolution of one map [height, width, channels] with a square window.
struct kernel_window {
  size_t height, width, channels;
  size_t size, stride;
  /// Rows and columns of zeros before the map.
  size_t top, left;
  size_t new_height, new_width;
  /// Rows of the map in memory, where row y lies at y % kept; the height when all are there.
  size_t kept;
};

/// Rows of values that are not side by side: parts of `inner` values each, `apart` from one to the next.
struct kernel_rows {
  /// How many rows, and values from one to the next.
  size_t rows, step;
  size_t parts, inner, apart;
  /// How many values the result has added up already, and of how many in all.
  size_t known, all;
};

/// Sizes of an attention of several heads.
struct kernel_attention {
  /// Rows that ask, and rows that are asked.
  size_t rows, asked;
  /// Values of a row, a multiple of `heads`.
  size_t width, heads;
};

/// One set of kernels, compiled for one instruction set.
struct kernel_table {
  const char *isa;
  /// activation(x · weight + bias): x [rows, inner], result [rows, columns] with `stride` values from one
  /// row to the next, weights packed. A row's result is the same to the last bit whatever the other
  /// rows and columns are.
  void (*linear)(const float *x, size_t rows, size_t inner, const float *packed, size_t columns,
                 int activation, float *result, size_t stride);
  /// The same in parts: x has only the `inner` values of each row that follow the first `known` of `all`, and the
  /// result holds the sums over those. What the last part leaves is the same to the last bit as what `linear` gives.
  void (*linear_part)(const float *x, size_t rows, size_t inner, size_t known, size_t all,
                      const float *packed, size_t columns, int activation, float *result,
                      size_t stride);
  /// activation(convolution + bias) of maps that are padded already: `count` maps [height, width, channels] of
  /// the window, weights packed from [size · size · channels, columns], result [count, new_height, new_width,
  /// columns] with `stride` values from one place to the next. A place's result is the same to the last bit
  /// wherever it lies.
  void (*convolution)(const float *maps, size_t count, const struct kernel_window *window,
                      const float *packed, size_t columns, int activation, float *result,
                      size_t stride);
  /// softmax(Q·Kᵀ / √head)·V of each head: queries [rows, width], and in `memory` [asked, 2·width] keys,
  /// then values, of each row. A row's result is the same whatever the other rows are, as long as
  /// there are as many. `scratch` has `kernel_attention_count` values.
  void (*attention)(const float *query, const float *memory, const struct kernel_attention *sizes,
                    float *scratch, float *result);
  /// From where the answers of an attention come: softmax(Q·Kᵀ / √head), the mean over heads and rows that ask,
  /// [asked]. `scratch` has as many values.
  void (*attention_shares)(const float *query, const float *memory,
                           const struct kernel_attention *sizes, float *scratch, float *result);
  /// Rows from `first` to `last` of a depthwise convolution; weights [size, size, channels], bias
  /// [channels].
  void (*depthwise)(const float *map, const struct kernel_window *window, size_t first, size_t last,
                    const float *weight, const float *bias, int activation, float *result);
  /// x + y into x.
  void (*add)(float *x, const float *y, size_t count);
  /// x · (1 + erf(x / √2)) / 2, to about 1e-7.
  void (*gelu)(float *x, size_t count);
  /// x / (1 + e^(-1.702 · x)).
  void (*quick_gelu)(float *x, size_t count);
  /// scale · ln(x + offset) to about 1e-7; the sums are positive and not tiny.
  void (*logarithm)(float *x, float offset, float scale, size_t count);
  /// Soft maximum of each row.
  void (*softmax)(float *x, size_t rows, size_t count);
  /// ln(Σ e^(2·x)) / 2 of each column: [rows, count] → `count` values.
  void (*soft_union)(const float *x, size_t rows, size_t count, float *result);
  /// Each row to mean 0 and variance 1, times weight, plus bias.
  void (*layer_norm)(const float *x, const float *weight, const float *bias, float epsilon,
                     size_t rows, size_t count, float *result);
  /// Twice the height and width, bilinear with aligned pixel centres, added to the result.
  void (*add_upsampled)(const float *map, size_t height, size_t width, size_t channels,
                        float *result);
  /// Means of factor × factor pixels; both sizes are multiples of factor.
  void (*mean_pool)(const float *map, size_t height, size_t width, size_t channels, size_t factor,
                    float *result);
  /// Magnitudes [8, 257] of the spectra of eight windows of samples, `hop` apart, each filled up with zeros
  /// to 512: an even `length` of factors of the window; cos and -sin of 2πk / 512 for k < 256.
  void (*magnitudes)(const float *samples, size_t hop, const double *window, size_t length,
                     const double *cosines, const double *sines, float *result);
  /// The sum of the squares.
  double (*square_sum)(const float *samples, size_t count);
  /// IEEE half precision, little endian and of any alignment, to single precision.
  void (*widen)(const uint8_t *halves, float *result, size_t count);
  /// (value - mean) / scale of `count` pixels of three colours.
  void (*normalise)(const uint8_t *pixels, size_t count, const float *mean, const float *scale,
                    float *result);
};

/// The set for this processor; a lower one where the environment's AVU_INSTRUCTIONS names it.
const struct kernel_table *kernel_table_best(void);

/// The set of that name, or the fastest below it that this processor can run; NULL when no set has the name.
const struct kernel_table *_Nullable kernel_table_named(const char *isa);

/// The sets that this processor can run, fastest first; NULL past the last.
const struct kernel_table *_Nullable kernel_table_at(size_t index);

/// A map with zeros around it: the window's `top` and `left` before it, and what is missing to `height` and
/// `width` after it; what is too much there is left out.
void kernel_pad(const float *map, const struct kernel_window *window, size_t height, size_t width,
                float *result);

/// How many values the scratch memory of an attention has.
size_t kernel_attention_count(const struct kernel_attention *sizes);

/// How many values `kernel_pack` writes.
size_t kernel_packed_count(size_t inner, size_t columns);

/// A weight [inner, columns] and a bias [columns] in panels of columns, the last one filled up to a multiple of
/// 16: the panel's part of the bias, then of each of the weight's rows.
void kernel_pack(const float *weight, const float *bias, size_t inner, size_t columns,
                 float *packed);

/// The same for a weight [columns, inner].
void kernel_pack_transposed(const float *weight, const float *bias, size_t inner, size_t columns,
                            float *packed);

/// Columns of the widest panel.
size_t kernel_panel_columns(void);

/// Columns of the panel that begins at one, filled up: the widest, but two of 32 rather than one of 48 and one of 16,
/// which has too few sums to keep a processor busy.
size_t kernel_panel_width(size_t column, size_t columns);

/// Whether this processor multiplies pairs of bfloat16; the other functions of that name need it.
int kernel_bfloat16_usable(void);

/// How many values `kernel_bfloat16_pack` writes.
size_t kernel_bfloat16_packed_count(size_t inner, size_t columns);

/// Rounds what `kernel_pack` wrote to bfloat16, and lays two rows of a panel's weights together; the bias
/// stays as it is.
void kernel_bfloat16_pack(const float *packed, size_t inner, size_t columns, uint16_t *result);

/// How many values the scratch memory of a product has.
size_t kernel_bfloat16_scratch_count(size_t inner);

/// As `linear` of a table, with x and weights rounded to bfloat16 and sums of single precision.
void kernel_bfloat16_linear(const float *x, size_t rows, size_t inner, const uint16_t *packed,
                            size_t columns, int activation, uint16_t *scratch, float *result,
                            size_t stride);

/// As `convolution` of a table, in the same way.
void kernel_bfloat16_convolution(const float *maps, size_t count, const struct kernel_window *window,
                                 const uint16_t *packed, size_t columns, int activation,
                                 uint16_t *scratch, float *result, size_t stride);

/// Whether all values are finite.
int kernel_all_finite(const float *values, size_t count);

/// The same for IEEE half precision, little endian and of any alignment.
int kernel_all_finite_halves(const uint8_t *halves, size_t count);

/// Makes the C library keep freed arrays for the next ones. Without it, each pass gives some of its memory back to the
/// system and asks for it anew, page by page.
void kernel_keep_freed_memory(void);

#pragma clang assume_nonnull end
