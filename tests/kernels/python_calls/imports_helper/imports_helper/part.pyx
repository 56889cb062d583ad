cpdef bint is_beyond(double value) noexcept:
    return value > 1.0 or value < -1.0
