# cython: freethreading_compatible=True, cdivision=True, overflowcheck=False
# The kernels for AVX-512 (F, BW, VL, DQ): meson.build has the flags. No overflow check even in a
# build that asks for it, since ranks wrap round on purpose.
include "_shapes.pxi"
