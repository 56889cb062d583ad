/* The fast path: whole cache lines. */
#ifndef LIMITPROBE_LINES_H
#define LIMITPROBE_LINES_H

#include <stddef.h>
#include <stdint.h>

enum { LINE = 64 }; /* bytes: the cache line of x86-64 and of most ARM cores */

/* The xor of all 64-bit words in `count` readable lines from `from`, a multiple of LINE.
 * lines.c, compiled for registers of 16, 32 and 64 bytes; the latter two on x86-64 alone. */
uint64_t fold_lines_16(const unsigned char *from, size_t count);
uint64_t fold_lines_32(const unsigned char *from, size_t count); /* needs AVX2 */
uint64_t fold_lines_64(const unsigned char *from, size_t count); /* needs AVX-512F */

#endif
