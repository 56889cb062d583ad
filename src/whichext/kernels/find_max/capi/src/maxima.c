/* maxima.inc for each type. */
#include "maxima.h"

#include <stdint.h>
#include <string.h>

/* The innermost loops are compiled for three sets of instructions, and the loader chooses among
   them. That needs ifunc, which glibc has. */
#if defined(__x86_64__) && defined(__GLIBC__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif

enum {
    PLACES = 8,          /* read at once: one core reads memory faster so */
    BLOCK_BYTES = 65536, /* of maxima: they stay in the second cache */
    MOST_LANES = 256,    /* maxima of a narrow matrix, until the end */
    FEWEST_LANES = 8,
};

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

#define JOINED(a, b) a##_##b
#define NAMED(a, b) JOINED(a, b)
#define NAME(function) NAMED(function, SUFFIX)

#define T int8_t
#define SUFFIX i8
#include "maxima.inc"
#define T int16_t
#define SUFFIX i16
#include "maxima.inc"
#define T int32_t
#define SUFFIX i32
#include "maxima.inc"
#define T int64_t
#define SUFFIX i64
#include "maxima.inc"
#define T uint8_t
#define SUFFIX u8
#include "maxima.inc"
#define T uint16_t
#define SUFFIX u16
#include "maxima.inc"
#define T uint32_t
#define SUFFIX u32
#include "maxima.inc"
#define T uint64_t
#define SUFFIX u64
#include "maxima.inc"
#define T float
#define SUFFIX f32
#include "maxima.inc"
#define T double
#define SUFFIX f64
#include "maxima.inc"
