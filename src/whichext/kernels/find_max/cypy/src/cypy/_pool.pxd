from cypy._block cimport block_t, reduce_t

cdef void reduce_in_parallel(const block_t *block, reduce_t reduce, int threads) noexcept nogil
