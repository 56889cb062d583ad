/* Compiled once for each WIDTH, bytes of a register. Cuts the lines in equal segments, the streams,
 * and reads all of them at once: far data (in memory) with more of them and a prefetch, near data
 * (in cache) with fewer and none. benchmarks/limit_variants.py overrides what stands in #ifndef;
 * README.md has its figures. */
#include "lines.h"

#ifndef FAR_STREAMS
#define FAR_STREAMS 8
#endif
#ifndef NEAR_STREAMS
#define NEAR_STREAMS 4
#endif
#ifndef AHEAD_BYTES
#define AHEAD_BYTES 1024
#endif
#ifndef LOCALITY
#define LOCALITY 2 /* prefetcht1: into L2; into L1 too (3) it is slower from memory */
#endif
#ifndef FAR_LINES
#define FAR_LINES ((size_t)(8 << 20) / LINE) /* what no core's own cache holds */
#endif

/* Locals with names of their own: an array of sums would live on the stack. Streams beyond
 * `streams`, a constant to the compiler, leave no code. */
#define EACH_STREAM(DO)                                                                            \
    DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)
_Static_assert(FAR_STREAMS <= 12 && NEAR_STREAMS <= 12, "EACH_STREAM lists twelve");
#define START(k)                                                                                   \
    vector sum##k = {0};                                                                           \
    const vector *const stream##k = first + (k < streams ? k * each : 0);
/* A prefetch cannot fault, so it may run past the end; C forbids a pointer there, hence a number. */
#define PREFETCH(k)                                                                                \
    if (ahead_bytes && k < streams)                                                                \
        __builtin_prefetch((const void *)((uintptr_t)(stream##k + i) + ahead_bytes), 0, LOCALITY);
#define READ(k)                                                                                    \
    for (size_t j = 0; j < per_line && k < streams; j++)                                           \
        sum##k ^= stream##k[i + j];
#define MERGE(k) sum0 ^= k ? sum##k : (vector){0};

/* may_alias: to their owner the bytes have another type. */
typedef uint64_t vector __attribute__((vector_size(WIDTH), may_alias));

__attribute__((always_inline)) static inline uint64_t
fold(const unsigned char *from, size_t count, const size_t streams, const size_t ahead_bytes) {
    const size_t per_line = LINE / WIDTH;
    const size_t each = count / streams * per_line; /* vectors */
    const vector *const first = (const vector *)from;
    EACH_STREAM(START)

    /* SAFETY: `from` is a multiple of LINE, so of WIDTH, and `count` lines are readable (lines.h).
     * Stream k ends at (k + 1) * each <= streams * each <= count * per_line. */
    for (size_t i = 0; i < each; i += per_line) {
        EACH_STREAM(PREFETCH)
        EACH_STREAM(READ)
    }
    /* SAFETY: as above; fewer than `streams` lines are left. */
    for (size_t i = streams * each; i < count * per_line; i++)
        sum0 ^= first[i];

    EACH_STREAM(MERGE)
    uint64_t folded = 0;
    for (size_t i = 0; i < WIDTH / sizeof folded; i++)
        folded ^= sum0[i];
    return folded;
}

#define JOINED(name, width) name##width
#define NAMED(name, width) JOINED(name, width)
uint64_t NAMED(fold_lines_, WIDTH)(const unsigned char *from, size_t count) {
    return count < FAR_LINES ? fold(from, count, NEAR_STREAMS, 0)
                             : fold(from, count, FAR_STREAMS, AHEAD_BYTES);
}
