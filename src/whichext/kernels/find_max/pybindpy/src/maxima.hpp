// The kernel of find_max_tiled: knows neither Python nor NumPy.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// The loops are compiled for three sets of instructions, and the loader chooses among them.
// That needs ifunc, which glibc has.
#if defined(__x86_64__) && defined(__GLIBC__)
#define CLONES [[gnu::target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")]]
#else
#define CLONES
#endif

namespace maxima {

using std::ptrdiff_t;

constexpr ptrdiff_t PLACES = 8;           // read at once: one core reads memory faster so
constexpr ptrdiff_t BLOCK_BYTES = 65536;  // of maxima: they stay in the second cache
constexpr ptrdiff_t MOST_LANES = 256;     // maxima of a narrow matrix, until the end
constexpr ptrdiff_t FEWEST_LANES = 8;

// A matrix; its steps are counted in values, and may be negative.
template <typename T>
struct Matrix {
    const T *data;
    ptrdiff_t rows, columns, row_step, column_step;
};

// As in NumPy, a NaN is greater than anything, and stays.
template <typename T>
[[gnu::always_inline]] inline T greater(T best, T value) {
    best = value > best ? value : best;
    if constexpr (std::is_floating_point_v<T>) {
        best = value != value ? value : best;
    }
    return best;
}

// best[i] = the greatest of best[i] and of value i of PLACES rows that are `step` apart.
template <typename T>
[[gnu::always_inline]] inline void fold_all(T *__restrict best, const T *__restrict first,
                                            ptrdiff_t step, ptrdiff_t count) {
    // SAFETY: each of these rows has `count` values, as best has.
    const T *row[PLACES];
    for (ptrdiff_t place = 0; place < PLACES; place++) {
        row[place] = first + place * step;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        const T a = greater(greater(row[0][i], row[1][i]), greater(row[2][i], row[3][i]));
        const T b = greater(greater(row[4][i], row[5][i]), greater(row[6][i], row[7][i]));
        best[i] = greater(best[i], greater(a, b));
    }
}

template <typename T>
[[gnu::always_inline]] inline void fold_one(T *__restrict best, const T *__restrict row,
                                            ptrdiff_t count) {
    // SAFETY: the row has `count` values, as best has.
    for (ptrdiff_t i = 0; i < count; i++) {
        best[i] = greater(best[i], row[i]);
    }
}

// A template cannot have clones, so that each type has two functions.
#define FOLDS(T)                                                                             \
    CLONES inline void fold_places(T *best, const T *first, ptrdiff_t step, ptrdiff_t n) {   \
        fold_all(best, first, step, n);                                                      \
    }                                                                                        \
    CLONES inline void fold_row(T *best, const T *row, ptrdiff_t n) { fold_one(best, row, n); }
FOLDS(std::int8_t)
FOLDS(std::int16_t)
FOLDS(std::int32_t)
FOLDS(std::int64_t)
FOLDS(std::uint8_t)
FOLDS(std::uint16_t)
FOLDS(std::uint32_t)
FOLDS(std::uint64_t)
FOLDS(float)
FOLDS(double)
#undef FOLDS

// Row 0 is in best already; the others are read from PLACES places at a time.
template <typename T>
void fold_rows(T *best, const T *values, ptrdiff_t rows, ptrdiff_t step, ptrdiff_t count) {
    const ptrdiff_t part = rows / PLACES;
    // SAFETY: the last row is PLACES * part - 1, below `rows`; the rest ends at `rows`.
    for (ptrdiff_t row = 0; row < part; row++) {
        fold_places(best, values + row * step, part * step, count);
    }
    for (ptrdiff_t row = PLACES * part; row < rows; row++) {
        fold_row(best, values + row * step, count);
    }
}

// Rows without gaps that are narrow, a single column too: many rows are taken as one wide row.
template <typename T>
void narrow(T *best, const T *values, ptrdiff_t rows, ptrdiff_t columns) {
    T lanes[MOST_LANES];
    const ptrdiff_t wanted = std::clamp(rows * columns / (4 * PLACES), FEWEST_LANES, MOST_LANES);
    const ptrdiff_t together = std::min(rows, std::max(wanted / columns, ptrdiff_t{1}));
    const ptrdiff_t width = together * columns;
    // SAFETY: 0 < columns <= MOST_LANES / 2, so that width <= MOST_LANES; `together` <= rows.
    std::copy_n(values, width, lanes);
    fold_rows(lanes, values, rows / together, width, width);
    const ptrdiff_t rest = rows % together * columns;
    fold_row(lanes, values + (rows * columns - rest), rest);
    std::copy_n(lanes, columns, best);
    for (ptrdiff_t lane = columns; lane < width; lane += columns) {
        fold_row(best, lanes + lane, columns);
    }
}

// Rows whose values are neighbours in memory.
template <typename T>
void wide(T *best, const Matrix<T> &matrix) {
    const ptrdiff_t block = BLOCK_BYTES / ptrdiff_t{sizeof(T)};
    // SAFETY: the last block is cut at `columns`, the length of best and of each row.
    for (ptrdiff_t begin = 0; begin < matrix.columns; begin += block) {
        const ptrdiff_t count = std::min(block, matrix.columns - begin);
        std::copy_n(matrix.data + begin, count, best + begin);
        fold_rows(best + begin, matrix.data + begin, matrix.rows, matrix.row_step, count);
    }
}

// best[c] = the greatest value of column c; the matrix has at least one row.
template <typename T>
void find(T *best, const Matrix<T> &matrix) {
    if (matrix.columns == 0) {
        return;
    }
    if (matrix.column_step == 1) {
        if (matrix.row_step == matrix.columns && matrix.columns <= MOST_LANES / 2) {
            return narrow(best, matrix.data, matrix.rows, matrix.columns);
        }
        return wide(best, matrix);
    }
    // SAFETY: column < columns, the length of best; row < rows.
    for (ptrdiff_t column = 0; column < matrix.columns; column++) {
        const T *const values = matrix.data + column * matrix.column_step;
        if (matrix.row_step == 1) {
            narrow(best + column, values, matrix.rows, ptrdiff_t{1});
            continue;
        }
        best[column] = values[0];
        for (ptrdiff_t row = 1; row < matrix.rows; row++) {
            best[column] = greater(best[column], values[row * matrix.row_step]);
        }
    }
}

}  // namespace maxima
