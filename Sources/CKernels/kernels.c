#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

// Columns of a panel of packed weights: three registers of the widest kind.
#define PANEL 48

// Values of rows of a product that are gone over with one panel of weights before the next.
#define BLOCK 80000

size_t kernel_packed_count(size_t inner, size_t columns) {
  return (columns + 15) / 16 * 16 * (inner + 1);
}

size_t kernel_panel_columns(void) { return PANEL; }

size_t kernel_panel_width(size_t column, size_t columns) {
  size_t left = (columns - column + 15) / 16 * 16;
  if (left == PANEL + 16) return left / 2;
  return left < PANEL ? left : PANEL;
}

// Columns that lie together, a value of each `row` apart.
static void pack_columns(const float *part, size_t row, float scale, size_t inner, size_t used,
                         float *packed, size_t width) {
  for (size_t k = 0; k < inner; k++)
    for (size_t i = 0; i < used; i++) packed[k * width + i] = part[k * row + i] * scale;
}

// Four by four values of four columns are turned in registers.
static void pack_square(const float *from, size_t column, float scale, float *to, size_t width) {
  typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
  four a = *(const four *)from * scale, b = *(const four *)(from + column) * scale;
  four c = *(const four *)(from + 2 * column) * scale;
  four d = *(const four *)(from + 3 * column) * scale;
  four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  four ba = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  four dc = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(four *)to = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
  *(four *)(to + width) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
  *(four *)(to + 2 * width) = __builtin_shufflevector(ba, dc, 0, 1, 4, 5);
  *(four *)(to + 3 * width) = __builtin_shufflevector(ba, dc, 2, 3, 6, 7);
}

// Columns whose values lie together, a cache line of each at a time.
static void pack_rows(const float *part, size_t column, float scale, size_t inner, size_t used,
                      float *packed, size_t width) {
  size_t lines = inner / 16 * 16, squares = used / 4 * 4;
  for (size_t first = 0; first < lines; first += 16)
    for (size_t i = 0; i < squares; i += 4)
      for (size_t k = first; k < first + 16; k += 4)
        pack_square(part + i * column + k, column, scale, packed + k * width + i, width);
  for (size_t i = 0; i < used; i++)
    for (size_t k = i < squares ? lines : 0; k < inner; k++)
      packed[k * width + i] = part[k + i * column] * scale;
}

// A weight times a factor. Either the values of its rows lie together, with `row` from one to the next,
// or those of its columns.
static void pack(const float *weight, size_t row, size_t column, const float *bias, float scale,
                 size_t inner, size_t columns, float *packed) {
  for (size_t c = 0, width; c < columns; c += width) {
    width = kernel_panel_width(c, columns);
    size_t used = columns - c < width ? columns - c : width;
    if (used < width || !bias) memset(packed, 0, width * (inner + 1) * sizeof *packed);
    if (bias) memcpy(packed, bias + c, used * sizeof *packed);
    packed += width;
    if (column == 1)
      pack_columns(weight + c, row, scale, inner, used, packed, width);
    else
      pack_rows(weight + c * column, column, scale, inner, used, packed, width);
    packed += width * inner;
  }
}

void kernel_pack(const float *weight, const float *bias, size_t inner, size_t columns,
                 float *packed) {
  pack(weight, columns, 1, bias, 1.0f, inner, columns, packed);
}

void kernel_pack_transposed(const float *weight, const float *bias, size_t inner, size_t columns,
                            float *packed) {
  if (inner == 1)
    pack(weight, columns, 1, bias, 1.0f, inner, columns, packed);
  else
    pack(weight, 1, inner, bias, 1.0f, inner, columns, packed);
}

int kernel_all_finite(const float *values, size_t count) {
#pragma clang fp reassociate(on)
  // Zero times anything finite is zero.
  float sum = 0.0f;
  for (size_t i = 0; i < count; i++) sum += values[i] * 0.0f;
  return sum == 0.0f;
}

int kernel_all_finite_halves(const uint8_t *halves, size_t count) {
  int damaged = 0;
  for (size_t i = 0; i < count; i++) damaged |= (halves[2 * i + 1] & 0x7c) == 0x7c;
  return !damaged;
}

// Rows that ask at a time, and from how many on it pays to pack keys and values for them.
#define KERNEL_ATTENTION_ROWS 32
#define KERNEL_ATTENTION_FEW 4

size_t kernel_attention_count(const struct kernel_attention *a) {
  size_t head = a->width / a->heads;
  if (a->rows < KERNEL_ATTENTION_FEW) return a->asked;
  return kernel_packed_count(head, a->asked) + kernel_packed_count(a->asked, head) +
         KERNEL_ATTENTION_ROWS * a->asked;
}

#define NAME(f) f##_base
#define ATTR static
#define LANES 4
#define ROWS 4
#define PIXELS 4
#include "kernels.inc"
#undef NAME
#undef ATTR
#undef LANES

#if defined(__x86_64__)
#define NAME(f) f##_v3
#define ATTR static __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#include "kernels.inc"
#undef NAME
#undef ATTR
#undef LANES
#undef ROWS
#undef PIXELS

// Named features and not arch=x86-64-v4, which would stay at half-width registers.
#define NAME(f) f##_v4
#define ATTR                                                                                  \
  static __attribute__((target(                                                               \
      "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx2,fma,f16c,bmi,bmi2,lzcnt,popcnt")))
#define LANES 16
#define ROWS 8
#define PIXELS 10
#include "kernels.inc"
#undef NAME
#undef ATTR
#endif

#define TABLE(isa, suffix)                                                                    \
  {isa, linear##suffix, linear_part##suffix, convolution##suffix, attention##suffix,          \
   attention_shares##suffix, depthwise##suffix, add##suffix, gelu##suffix, quick_gelu##suffix, logarithm##suffix,       \
   softmax##suffix, soft_union##suffix, layer_norm##suffix, add_upsampled##suffix,            \
   mean_pool##suffix, magnitudes##suffix, square_sum##suffix, widen##suffix,                  \
   normalise##suffix}

static const struct kernel_table tables[] = {
#if defined(__x86_64__)
    TABLE("x86-64-v4", _v4),
    TABLE("x86-64-v3", _v3),
#endif
    TABLE("baseline", _base),
};

static int usable(const struct kernel_table *table) {
#if defined(__x86_64__)
  if (!strcmp(table->isa, "x86-64-v4")) return __builtin_cpu_supports("x86-64-v4") != 0;
  if (!strcmp(table->isa, "x86-64-v3")) return __builtin_cpu_supports("x86-64-v3") != 0;
#endif
  return table->isa != NULL;
}

const struct kernel_table *kernel_table_at(size_t index) {
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    if (usable(&tables[i]) && index-- == 0) return &tables[i];
  return NULL;
}

const struct kernel_table *kernel_table_named(const char *isa) {
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    if (!strcmp(tables[i].isa, isa)) {
      while (!usable(&tables[i])) i++;
      return &tables[i];
    }
  return NULL;
}

// Every thread that gets here first writes the same value.
const struct kernel_table *kernel_table_best(void) {
  static const struct kernel_table *best;
  const struct kernel_table *known = __atomic_load_n(&best, __ATOMIC_ACQUIRE);
  if (known) return known;
  const char *most = getenv("AVU_INSTRUCTIONS");
  known = most ? kernel_table_named(most) : NULL;
  if (!known) known = kernel_table_at(0);
  __atomic_store_n(&best, known, __ATOMIC_RELEASE);
  return known;
}

void kernel_pad(const float *map, const struct kernel_window *w, size_t height, size_t width,
                float *result) {
  size_t line = width * w->channels, left = w->left * w->channels;
  size_t kept = w->width < width - w->left ? w->width : width - w->left;
  for (size_t y = 0; y < height; y++, result += line) {
    if (y < w->top || y - w->top >= w->height) {
      memset(result, 0, line * sizeof *result);
      continue;
    }
    size_t end = left + kept * w->channels;
    memset(result, 0, left * sizeof *result);
    memcpy(result + left, map + (y - w->top) * w->width * w->channels,
           kept * w->channels * sizeof *result);
    memset(result + end, 0, (line - end) * sizeof *result);
  }
}
