# cython: freethreading_compatible=True
"""Which build of the kernels this processor runs: the same source, three sets of instructions."""

from os import environ

cdef extern from *:
    """
    static int cypy_runs_avx2(void) {
    #ifdef CYPY_X86_BUILDS
        return __builtin_cpu_supports("avx2");
    #else
        return 0;
    #endif
    }
    static int cypy_runs_avx512(void) {
    #ifdef CYPY_X86_BUILDS
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    #else
        return 0;
    #endif
    }
    """
    bint cypy_runs_avx2()
    bint cypy_runs_avx512()


BUILDS = ("baseline", "avx2", "avx512")


def build_to_use():
    """Name of the build for this processor, or below it the one that CYPY_SIMD names."""
    best = 2 if cypy_runs_avx512() else 1 if cypy_runs_avx2() else 0
    ceiling = environ.get("CYPY_SIMD", "avx512")
    if ceiling not in BUILDS:
        raise ImportError(f"CYPY_SIMD must be one of {', '.join(BUILDS)}, got {ceiling!r}")
    return BUILDS[min(best, BUILDS.index(ceiling))]


def reduce_block():
    """The kernels' entry, a capsule. The other builds stay unloaded: to set them up may crash."""
    build = build_to_use()
    if build == "avx512":
        from cypy import _kernels_avx512 as kernels
    elif build == "avx2":
        from cypy import _kernels_avx2 as kernels
    else:
        from cypy import _kernels_baseline as kernels
    return kernels.REDUCE_BLOCK
