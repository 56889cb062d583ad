/* The kernels: they know neither Python nor NumPy. */
#ifndef MAXIMA_H
#define MAXIMA_H

#include <stddef.h>

/* A matrix in memory; its steps are in bytes, and may be negative. */
struct matrix {
    const char *data;
    ptrdiff_t rows, columns, row_step, column_step;
};

/* best[c] = the greatest value of column c. The matrix has at least one row, and `best` as many
   places of its type as there are columns. */
typedef void find_function(void *best, const struct matrix *matrix);

/* X(type, name): the types that there are kernels for. */
#define TYPES(X)      \
    X(int8_t, i8)     \
    X(int16_t, i16)   \
    X(int32_t, i32)   \
    X(int64_t, i64)   \
    X(uint8_t, u8)    \
    X(uint16_t, u16)  \
    X(uint32_t, u32)  \
    X(uint64_t, u64)  \
    X(float, f32)     \
    X(double, f64)

#define DECLARE(type, name) find_function columns_##name, tiled_##name;
TYPES(DECLARE)
#undef DECLARE

#endif
