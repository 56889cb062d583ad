# One way through memory for each kind of shape, and the choice between them: `reduce_block`,
# which the module that includes this file exports as the capsule REDUCE_BLOCK.

from cpython.pycapsule cimport PyCapsule_New

from cypy._block cimport (
    FLOAT16, FLOAT32, FLOAT64, INT8, INT16, INT32, INT64, MOMENT, UINT8, UINT16, UINT32, UINT64,
    block_t,
)
from cypy._tuning cimport FOLDED_ITEMS, LONG_COLUMN_BYTES, TILE_BYTES

include "_fold.pxi"


# The choice. Strides count elements where all is aligned and a whole number of them, else bytes.
cdef void choose(const block_t *block, const number_t *first, number_t *out) noexcept nogil:
    cdef Py_ssize_t item = sizeof(number_t)
    cdef Py_ssize_t n_rows = block.n_rows, n_columns = block.n_columns
    cdef Py_ssize_t row = block.row_stride // item, column = block.column_stride // item
    cdef bint in_elements = (
        <Py_ssize_t>block.first | block.row_stride | block.column_stride
    ) % item == 0
    if in_elements and column == 1 and row == n_columns <= FOLDED_ITEMS:
        narrow_rows[number_t](first, n_rows, n_columns, out)
    elif in_elements and column == 1:
        wide_rows[number_t](first, n_rows, n_columns, row, out)
    elif in_elements and row == 1 and n_rows * item < LONG_COLUMN_BYTES:
        short_columns[number_t](first, n_rows, n_columns, column, out)
    elif in_elements and row == 1:
        long_columns[number_t](first, n_rows, n_columns, column, out)
    elif block.column_stride <= block.row_stride:
        stepping_rows[number_t](block, out)
    elif number_t is float or number_t is double or number_t is half_t:
        stepping_parts[number_t](block, out)
    else:
        stepping_columns[number_t](block, out)


# Rows longer than caches: tiles of columns, and in each of them eight rows a pass.
cdef void wide_rows(
    const number_t *first, Py_ssize_t n_rows, Py_ssize_t n_columns, Py_ssize_t row, number_t *out
) noexcept nogil:
    # SAFETY: column + n <= n_columns; the rows of a pass, r to r + 7 or r, are below n_rows.
    cdef Py_ssize_t tile = TILE_BYTES // sizeof(number_t)
    cdef Py_ssize_t column = 0, n, r
    while column < n_columns:
        n = min(tile, n_columns - column)
        memcpy(out + column, first + column, n * sizeof(number_t))
        r = 1
        while r + 8 <= n_rows:
            fold_eight[number_t](out + column, first + r * row + column, row, n)
            r += 8
        while r < n_rows:
            fold_one[number_t](out + column, first + r * row + column, n)
            r += 1
        column += tile


# Short rows without gaps: about 1024 elements of whole rows count as one long row, the array is
# read in eight places at once, and at the end the rows within the long row are folded.
cdef void narrow_rows(
    const number_t *first, Py_ssize_t n_rows, Py_ssize_t n_columns, number_t *out
) noexcept nogil:
    cdef number_t best[FOLDED_ITEMS]
    cdef Py_ssize_t segment = n_rows // 8 * n_columns
    cdef Py_ssize_t width = min(FOLDED_ITEMS // n_columns * n_columns, segment)
    cdef Py_ssize_t done = 0
    if segment == 0:
        wide_rows[number_t](first, n_rows, n_columns, n_columns, out)
        return
    # SAFETY: 0 < width <= FOLDED_ITEMS; width and segment are whole rows, so n_columns <= width;
    # done + n <= segment, and eight segments are at most n_rows * n_columns elements.
    memcpy(best, first, width * sizeof(number_t))
    while done < segment:
        fold_eight[number_t](best, first + done, segment, min(width, segment - done))
        done += width
    fold_groups[number_t](best, width, n_columns)
    done = 8 * segment
    while done < n_rows * n_columns:
        fold_one[number_t](best, first + done, n_columns)
        done += n_columns
    memcpy(out, best, n_columns * sizeof(number_t))


# Columns without gaps, long: each is a narrow array of one column.
cdef void long_columns(
    const number_t *first, Py_ssize_t n_rows, Py_ssize_t n_columns, Py_ssize_t column, number_t *out
) noexcept nogil:
    # SAFETY: c < n_columns.
    cdef Py_ssize_t c
    for c in range(n_columns):
        narrow_rows[number_t](first + c * column, n_rows, 1, out + c)


# Columns without gaps, short.
cdef void short_columns(
    const number_t *first, Py_ssize_t n_rows, Py_ssize_t n_columns, Py_ssize_t column, number_t *out
) noexcept nogil:
    # SAFETY: what is read or written as an integer has its size, and in this call the leftover
    # columns are the only ones to be read or written as what they are.
    cdef Py_ssize_t done = n_columns // 8 * 8
    if number_t is half_t:
        columns_by_rank(<const int16_t *>first, FLOATS, n_rows, done, column, <int16_t *>out)
    elif number_t is float:
        columns_by_rank(<const int32_t *>first, FLOATS, n_rows, done, column, <int32_t *>out)
    elif number_t is double:
        columns_by_rank(<const int64_t *>first, FLOATS, n_rows, done, column, <int64_t *>out)
    elif number_t is moment_t:
        columns_by_rank(<const int64_t *>first, MOMENTS, n_rows, done, column, <int64_t *>out)
    else:
        columns_by_rank(first, INTEGERS, n_rows, done, column, out)
    first += done * column
    long_columns[number_t](first, n_rows, n_columns - done, column, out + done)


# A multiple of eight columns: eight at once, an eighth of the array apart. They are compared as
# ranks, since a column of integers is what gcc can reduce with vectors.
cdef inline void columns_by_rank(
    const rank_t *first, order_t order,
    Py_ssize_t n_rows, Py_ssize_t n_columns, Py_ssize_t column, rank_t *out
) noexcept nogil:
    # SAFETY: c < eighth, so the column c + 7 * eighth is below n_columns; r < n_rows.
    cdef Py_ssize_t eighth = n_columns // 8
    cdef Py_ssize_t far = eighth * column
    cdef const rank_t *p
    cdef rank_t best0, best1, best2, best3, best4, best5, best6, best7
    cdef Py_ssize_t c, r
    for c in range(eighth):
        p = first + c * column
        best0 = rank(p[0], order)
        best1 = rank(p[far], order)
        best2 = rank(p[2 * far], order)
        best3 = rank(p[3 * far], order)
        best4 = rank(p[4 * far], order)
        best5 = rank(p[5 * far], order)
        best6 = rank(p[6 * far], order)
        best7 = rank(p[7 * far], order)
        for r in range(1, n_rows):
            best0 = max(best0, rank(p[r], order))
            best1 = max(best1, rank(p[far + r], order))
            best2 = max(best2, rank(p[2 * far + r], order))
            best3 = max(best3, rank(p[3 * far + r], order))
            best4 = max(best4, rank(p[4 * far + r], order))
            best5 = max(best5, rank(p[5 * far + r], order))
            best6 = max(best6, rank(p[6 * far + r], order))
            best7 = max(best7, rank(p[7 * far + r], order))
        out[c] = unranked(best0, order)
        out[eighth + c] = unranked(best1, order)
        out[2 * eighth + c] = unranked(best2, order)
        out[3 * eighth + c] = unranked(best3, order)
        out[4 * eighth + c] = unranked(best4, order)
        out[5 * eighth + c] = unranked(best5, order)
        out[6 * eighth + c] = unranked(best6, order)
        out[7 * eighth + c] = unranked(best7, order)


# Elements `step` bytes apart. memcpy, because the address may be odd: a packed struct's field.
cdef void gather(number_t *best, const char *first, Py_ssize_t step, Py_ssize_t n) noexcept nogil:
    # SAFETY: the callers own best[0:n], and n elements from `first` on are in their block.
    cdef Py_ssize_t i
    for i in range(n):
        memcpy(&best[i], first + i * step, sizeof(number_t))


cdef void fold_stepping(
    number_t *best, const char *first, Py_ssize_t step, Py_ssize_t n
) noexcept nogil:
    # SAFETY: as in gather.
    cdef number_t value
    cdef Py_ssize_t i
    for i in range(n):
        memcpy(&value, first + i * step, sizeof(number_t))
        best[i] = greater[number_t](best[i], value)


# Any strides, the smaller one from column to column: row by row.
cdef void stepping_rows(const block_t *block, number_t *out) noexcept nogil:
    # SAFETY: column + n <= n_columns and r < n_rows, in the strides of the block.
    cdef Py_ssize_t tile = TILE_BYTES // sizeof(number_t)
    cdef Py_ssize_t step = block.column_stride
    cdef Py_ssize_t column = 0, n, r
    cdef const char *row
    while column < block.n_columns:
        n = min(tile, block.n_columns - column)
        row = block.first + column * step
        gather[number_t](out + column, row, step, n)
        for r in range(1, block.n_rows):
            fold_stepping[number_t](out + column, row + r * block.row_stride, step, n)
        column += tile


# Any strides, the smaller one from row to row: column by column. Eight maxima in registers, so that
# no comparison waits for the one before.
cdef void stepping_columns(const block_t *block, number_t *out) noexcept nogil:
    # SAFETY: c < n_columns and r + k < n_rows, in the strides of the block.
    cdef number_t best[8]
    cdef number_t value
    cdef Py_ssize_t step = block.row_stride
    cdef Py_ssize_t c, r, k
    cdef const char *row
    for c in range(block.n_columns):
        row = block.first + c * block.column_stride
        gather[number_t](best, row, 0, 8)
        for r in range(block.n_rows // 8):
            for k in range(8):
                memcpy(&value, row + k * step, sizeof(number_t))
                best[k] = greater[number_t](best[k], value)
            row += 8 * step
        fold_stepping[number_t](best, row, step, block.n_rows % 8)
        fold_groups[number_t](best, 8, 1)
        out[c] = best[0]


# The same for floats, of which compilers keep no eight maxima in registers: a column in parts of
# 1024 rows.
cdef void stepping_parts(const block_t *block, number_t *out) noexcept nogil:
    # SAFETY: c < n_columns and done + n <= n_rows, in the strides of the block.
    cdef number_t best[FOLDED_ITEMS]
    cdef Py_ssize_t width = min(FOLDED_ITEMS, block.n_rows)
    cdef Py_ssize_t step = block.row_stride
    cdef Py_ssize_t c, done, n
    cdef const char *column
    for c in range(block.n_columns):
        column = block.first + c * block.column_stride
        gather[number_t](best, column, step, width)
        done = width
        while done < block.n_rows:
            n = min(width, block.n_rows - done)
            fold_stepping[number_t](best, column + done * step, step, n)
            done += n
        fold_groups[number_t](best, width, 1)
        out[c] = best[0]


cdef void reduce_block(const block_t *block) noexcept nogil:
    # SAFETY: _tiled.pyx chose the kind by the array's own type.
    if block.kind == INT8:
        choose[int8_t](block, <const int8_t *>block.first, <int8_t *>block.out)
    elif block.kind == INT16:
        choose[int16_t](block, <const int16_t *>block.first, <int16_t *>block.out)
    elif block.kind == INT32:
        choose[int32_t](block, <const int32_t *>block.first, <int32_t *>block.out)
    elif block.kind == INT64:
        choose[int64_t](block, <const int64_t *>block.first, <int64_t *>block.out)
    elif block.kind == UINT8:
        choose[uint8_t](block, <const uint8_t *>block.first, <uint8_t *>block.out)
    elif block.kind == UINT16:
        choose[uint16_t](block, <const uint16_t *>block.first, <uint16_t *>block.out)
    elif block.kind == UINT32:
        choose[uint32_t](block, <const uint32_t *>block.first, <uint32_t *>block.out)
    elif block.kind == UINT64:
        choose[uint64_t](block, <const uint64_t *>block.first, <uint64_t *>block.out)
    elif block.kind == FLOAT16:
        choose[half_t](block, <const half_t *>block.first, <half_t *>block.out)
    elif block.kind == FLOAT32:
        choose[float](block, <const float *>block.first, <float *>block.out)
    elif block.kind == FLOAT64:
        choose[double](block, <const double *>block.first, <double *>block.out)
    elif block.kind == MOMENT:
        choose[moment_t](block, <const moment_t *>block.first, <moment_t *>block.out)


REDUCE_BLOCK = PyCapsule_New(<void *>reduce_block, "cypy.reduce_block", NULL)
