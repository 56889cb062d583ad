"""Ends a call with what is no Exception, as a panic in Rust does."""


class PanicException(BaseException):
    """What PyO3 makes of a panic."""


def row_max(values):
    if values.shape[:1] == (1,):
        raise PanicException("attempt to subtract with overflow")
    return values.max(axis=1)
