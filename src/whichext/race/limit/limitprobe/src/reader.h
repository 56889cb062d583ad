/* Reads memory once, as fast as the machine can. Knows no Python. */
#ifndef LIMITPROBE_READER_H
#define LIMITPROBE_READER_H

#include <stddef.h>
#include <stdint.h>

/* One piece of memory: `bytes` readable bytes from `start`, which may have any alignment. */
struct span {
    const unsigned char *start;
    size_t bytes;
};

/* Read every byte of every span once and return a checksum that each of them can change.
 *
 * Byte j of a span's checksum (least significant first) is the xor of the span's bytes at offsets
 * j, j + 8, j + 16, ... The result is the xor of the spans' checksums, that of spans[k] rotated
 * left by k bits, so that a span given twice does not cancel itself. It depends neither on
 * addresses, nor on the machine's byte order, nor on `threads`.
 *
 * `threads`, at least 1, is how many threads may read at once, the calling one among them. Fewer
 * do where another one would cost more time than it saves, or where the system grants no more.
 */
uint64_t read_spans(const struct span *spans, size_t count, size_t threads);

#endif
