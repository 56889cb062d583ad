cpdef bint is_beyond(double value) noexcept
