# The innermost loops: which of two elements is greater, and rows folded into a running maximum.

from libc.stdint cimport (
    int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
)
from libc.string cimport memcpy

from cypy._block cimport half_t, moment_t

ctypedef fused number_t:
    int8_t
    int16_t
    int32_t
    int64_t
    uint8_t
    uint16_t
    uint32_t
    uint64_t
    half_t
    float
    double
    moment_t


ctypedef fused rank_t:
    int8_t
    int16_t
    int32_t
    int64_t
    uint8_t
    uint16_t
    uint32_t
    uint64_t

cdef enum order_t:
    INTEGERS
    FLOATS   # by their bits
    MOMENTS  # by their ticks


# An integer in the order of the elements, given the bits of one. NaN and NaT are the greatest.
cdef inline rank_t rank(rank_t bits, order_t order) noexcept nogil:
    cdef rank_t magnitude, most, infinity
    if order == MOMENTS:
        return <rank_t>(<uint64_t>bits - 1)  # NaT, the smallest, wraps round
    if order == FLOATS:  # a sign and a magnitude: mirror what is negative
        most = <rank_t>(<uint64_t>-1 >> (65 - 8 * sizeof(rank_t)))
        infinity = most ^ (most >> (5 if sizeof(rank_t) == 2 else 8 if sizeof(rank_t) == 4 else 11))
        magnitude = bits & most
        bits ^= (bits >> (8 * sizeof(rank_t) - 1)) & most
        return bits ^ ((bits ^ magnitude) & -<rank_t>(magnitude > infinity))
    return bits


cdef inline rank_t unranked(rank_t ranked, order_t order) noexcept nogil:
    cdef rank_t most
    if order == MOMENTS:
        return <rank_t>(<uint64_t>ranked + 1)
    if order == FLOATS:
        most = <rank_t>(<uint64_t>-1 >> (65 - 8 * sizeof(rank_t)))
        return ranked ^ ((ranked >> (8 * sizeof(rank_t) - 1)) & most)
    return ranked


# Choices between two values, one after the other: gcc and clang make vectors of eight of these in
# a row. gcc 12 does not if a choice has two conditions, (b > a) | (b != b).
cdef inline number_t greater(number_t a, number_t b) noexcept nogil:
    cdef number_t best
    if number_t is float or number_t is double:
        best = b if b > a else a
        return b if b != b else best  # a NaN wins, as in NumPy, and stays since nothing exceeds it
    elif number_t is half_t:
        best.bits = unranked(
            max(rank(<int16_t>a.bits, FLOATS), rank(<int16_t>b.bits, FLOATS)), FLOATS
        )
        return best
    elif number_t is moment_t:
        best.ticks = unranked(max(rank(a.ticks, MOMENTS), rank(b.ticks, MOMENTS)), MOMENTS)
        return best
    else:
        return b if b > a else a


# best[i] = the greatest of best[i] and element i of eight rows, `step` elements apart. Eight
# streams of addresses at once are what one core needs to read memory at its limit.
cdef void fold_eight(
    number_t *best, const number_t *first, Py_ssize_t step, Py_ssize_t n
) noexcept nogil:
    # SAFETY: the callers own best[0:n], and row k, first[k * step:k * step + n], is in their block.
    cdef const number_t *row1 = first + step
    cdef const number_t *row2 = row1 + step
    cdef const number_t *row3 = row2 + step
    cdef const number_t *row4 = row3 + step
    cdef const number_t *row5 = row4 + step
    cdef const number_t *row6 = row5 + step
    cdef const number_t *row7 = row6 + step
    cdef number_t a, b, c, d
    cdef Py_ssize_t i
    for i in range(n):
        a = greater[number_t](first[i], row1[i])
        b = greater[number_t](row2[i], row3[i])
        c = greater[number_t](row4[i], row5[i])
        d = greater[number_t](row6[i], row7[i])
        a = greater[number_t](greater[number_t](a, b), greater[number_t](c, d))
        best[i] = greater[number_t](best[i], a)


cdef void fold_one(number_t *best, const number_t *row, Py_ssize_t n) noexcept nogil:
    # SAFETY: the callers own best[0:n] and row[0:n].
    cdef Py_ssize_t i
    for i in range(n):
        best[i] = greater[number_t](best[i], row[i])


# best[0:width] holds groups of `group` elements: leave the maximum of all groups in the first.
cdef void fold_groups(number_t *best, Py_ssize_t width, Py_ssize_t group) noexcept nogil:
    # SAFETY: 0 < kept < width, both multiples of group, and width - kept <= kept.
    cdef Py_ssize_t kept
    while width > group:
        kept = (width // group + 1) // 2 * group
        fold_one[number_t](best, best + kept, width - kept)
        width = kept
