#pragma once
#include <string.h>
#include <zlib.h>

// Compresses as RFC 1951 says, without a header: deflateInit2 is a macro, which Swift cannot import.
// Returns the bytes written, or 0 when they do not fit or memory is short.
static inline size_t czlib_deflate(const unsigned char *source, size_t count, unsigned char *target,
                                   size_t room, int level) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (count > 0xFFFFFFFFu || room > 0xFFFFFFFFu) return 0;
  if (deflateInit2(&stream, level, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (unsigned char *)source;
  stream.avail_in = (unsigned)count;
  stream.next_out = target;
  stream.avail_out = (unsigned)room;
  int result = deflate(&stream, Z_FINISH);
  size_t written = stream.total_out;
  deflateEnd(&stream);
  return result == Z_STREAM_END ? written : 0;
}

static inline size_t czlib_bound(size_t count) { return compressBound(count) + 64; }
