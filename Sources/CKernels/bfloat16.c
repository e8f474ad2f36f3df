// Products of values and weights that are rounded to bfloat16 (eight bits of fraction), two at a time. Sums are single
// precision. Only for processors that have the instruction.
#include "CKernels.h"

#include <string.h>

// Rows that are rounded and multiplied before the next ones are looked at.
#define BLOCK 64

size_t kernel_bfloat16_scratch_count(size_t inner) { return BLOCK * ((inner + 1) / 2 * 2); }

size_t kernel_bfloat16_packed_count(size_t inner, size_t columns) {
  // The bias stays as it is.
  return (columns + 15) / 16 * 16 * ((inner + 1) / 2 * 2 + 2);
}

#if defined(__x86_64__)

#include <immintrin.h>

#define ATTR static __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma")))
#define INLINE inline __attribute__((always_inline))
#define ROWS 8
#define LANES 16

int kernel_bfloat16_usable(void) {
  return !strcmp(kernel_table_best()->isa, "x86-64-v4") && __builtin_cpu_supports("avx512bf16");
}

// Two rows of weights become one of pairs.
ATTR void pack_pairs(const float *packed, size_t inner, size_t columns, uint16_t *result) {
  for (size_t c = 0, width; c < columns; c += width) {
    width = kernel_panel_width(c, columns);
    memcpy(result, packed, width * sizeof *packed);
    packed += width;
    result += 2 * width;
    for (size_t k = 0; k < inner; k += 2, packed += 2 * width, result += 2 * width)
      for (size_t i = 0; i < width; i += LANES) {
        __m512 first = _mm512_loadu_ps(packed + i), second = _mm512_setzero_ps();
        if (k + 1 < inner) second = _mm512_loadu_ps(packed + width + i);
        __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(first));
        __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(second));
        _mm512_storeu_si512(result + 2 * i, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
      }
    if (inner % 2) packed -= width;
  }
}

// Rounds a run of values.
ATTR INLINE void round_run(const float *x, size_t count, uint16_t *result) {
  size_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES)
    _mm512_storeu_si512(result + i, (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + i + LANES),
                                                                _mm512_loadu_ps(x + i)));
  for (; i < count; i += LANES) {
    __mmask16 some = count - i < LANES ? (__mmask16)((1u << (count - i)) - 1) : (__mmask16)0xffff;
    _mm256_mask_storeu_epi16(result + i, some,
                             (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(some, x + i)));
  }
}

// ROWS rows times up to three registers of columns, as the tile of single precision.
ATTR INLINE void tile(const uint16_t *x, size_t pairs, const uint16_t *panel, size_t width,
                      size_t columns, int activation, float *result, size_t stride, size_t rows,
                      size_t vectors) {
  __m512 sums[ROWS][3];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++)
      sums[r][v] = _mm512_loadu_ps((const float *)(const void *)panel + v * LANES);
  const uint16_t *factors = panel + 2 * width;
  for (size_t k = 0; k < pairs; k++, factors += 2 * width)
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      int pair;
      memcpy(&pair, x + 2 * (r * pairs + k), sizeof pair);
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++)
        sums[r][v] =
            _mm512_dpbf16_ps(sums[r][v], (__m512bh)_mm512_set1_epi32(pair),
                             (__m512bh)_mm512_loadu_si512(factors + 2 * v * LANES));
    }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      __m512 sum = sums[r][v];
      if (activation != kernel_activation_none) sum = _mm512_max_ps(sum, _mm512_setzero_ps());
      if (activation == kernel_activation_relu6) sum = _mm512_min_ps(sum, _mm512_set1_ps(6.0f));
      size_t left = columns - v * LANES;
      __mmask16 some = left < LANES ? (__mmask16)((1u << left) - 1) : (__mmask16)0xffff;
      _mm512_mask_storeu_ps(result + r * stride + v * LANES, some, sum);
    }
}

ATTR INLINE void tiles(const uint16_t *x, size_t pairs, const uint16_t *panel, size_t width,
                       size_t columns, int activation, float *result, size_t stride, size_t rows) {
  if (width == 3 * LANES)
    tile(x, pairs, panel, width, columns, activation, result, stride, rows, 3);
  else if (width == 2 * LANES)
    tile(x, pairs, panel, width, columns, activation, result, stride, rows, 2);
  else
    tile(x, pairs, panel, width, columns, activation, result, stride, rows, 1);
}

// Rows that are rounded already times all panels.
ATTR void multiply(const uint16_t *x, size_t rows, size_t inner, const uint16_t *packed,
                   size_t columns, int activation, float *result, size_t stride) {
  size_t pairs = (inner + 1) / 2;
  for (size_t c = 0, width; c < columns; c += width) {
    width = kernel_panel_width(c, columns);
    size_t wanted = columns - c < width ? columns - c : width;
    for (size_t r = 0, count; r < rows; r += count) {
      size_t left = rows - r;
      const uint16_t *row = x + 2 * r * pairs;
      float *to = result + r * stride + c;
      count = left >= ROWS ? ROWS : left >= 4 ? 4 : left >= 2 ? 2 : 1;
      if (count == ROWS)
        tiles(row, pairs, packed, width, wanted, activation, to, stride, ROWS);
      else if (count == 4)
        tiles(row, pairs, packed, width, wanted, activation, to, stride, 4);
      else if (count == 2)
        tiles(row, pairs, packed, width, wanted, activation, to, stride, 2);
      else
        tiles(row, pairs, packed, width, wanted, activation, to, stride, 1);
    }
    packed += 2 * width * (pairs + 1);
  }
}

ATTR void linear(const float *x, size_t rows, size_t inner, const uint16_t *packed, size_t columns,
                 int activation, uint16_t *scratch, float *result, size_t stride) {
  size_t row = (inner + 1) / 2 * 2;
  for (size_t first = 0; first < rows; first += BLOCK) {
    size_t count = rows - first < BLOCK ? rows - first : BLOCK;
    for (size_t r = 0; r < count; r++) {
      scratch[r * row + row - 1] = 0;
      round_run(x + (first + r) * inner, inner, scratch + r * row);
    }
    multiply(scratch, count, inner, packed, columns, activation, result + first * stride, stride);
  }
}

// What lies under some windows is laid side by side.
ATTR void convolution(const float *maps, size_t count, const struct kernel_window *w,
                      const uint16_t *packed, size_t columns, int activation, uint16_t *scratch,
                      float *result, size_t stride) {
  size_t line = w->width * w->channels, run = w->size * w->channels, inner = w->size * run;
  size_t row = (inner + 1) / 2 * 2, each = w->new_height * w->new_width, all = count * each;
  for (size_t first = 0; first < all; first += BLOCK) {
    size_t some = all - first < BLOCK ? all - first : BLOCK;
    for (size_t r = 0; r < some; r++) {
      size_t map = (first + r) / each, place = (first + r) % each;
      const float *from = maps + map * w->height * line +
                          place / w->new_width * w->stride * line +
                          place % w->new_width * w->stride * w->channels;
      scratch[r * row + row - 1] = 0;
      for (size_t ky = 0; ky < w->size; ky++)
        round_run(from + ky * line, run, scratch + r * row + ky * run);
    }
    multiply(scratch, some, inner, packed, columns, activation, result + first * stride, stride);
  }
}

void kernel_bfloat16_pack(const float *packed, size_t inner, size_t columns, uint16_t *result) {
  pack_pairs(packed, inner, columns, result);
}

void kernel_bfloat16_linear(const float *x, size_t rows, size_t inner, const uint16_t *packed,
                            size_t columns, int activation, uint16_t *scratch, float *result,
                            size_t stride) {
  linear(x, rows, inner, packed, columns, activation, scratch, result, stride);
}

void kernel_bfloat16_convolution(const float *maps, size_t count, const struct kernel_window *window,
                                 const uint16_t *packed, size_t columns, int activation,
                                 uint16_t *scratch, float *result, size_t stride) {
  convolution(maps, count, window, packed, columns, activation, scratch, result, stride);
}

#else

int kernel_bfloat16_usable(void) { return 0; }

// Never called where they are not usable.
void kernel_bfloat16_pack(const float *packed, size_t inner, size_t columns, uint16_t *result) {
  __builtin_trap();
}

void kernel_bfloat16_linear(const float *x, size_t rows, size_t inner, const uint16_t *packed,
                            size_t columns, int activation, uint16_t *scratch, float *result,
                            size_t stride) {
  __builtin_trap();
}

void kernel_bfloat16_convolution(const float *maps, size_t count, const struct kernel_window *window,
                                 const uint16_t *packed, size_t columns, int activation,
                                 uint16_t *scratch, float *result, size_t stride) {
  __builtin_trap();
}

#endif
