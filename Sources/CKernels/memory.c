#include "CKernels.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

void kernel_keep_freed_memory(void) {
#if defined(__GLIBC__)
  // 32 MB is the most that it takes for the second.
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
#endif
}
