"""Names of functions from symbols as compilers write them."""

from __future__ import annotations

import pytest

from whichext.audit.symbols import readable_name
from whichext.toolchains import every_toolchain, find_toolchain

OWN_FIRST = (find_toolchain("rust"), *every_toolchain())


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("total", "total"),
        ("total.constprop.0", "total"),
        ("__pyx_f_4cypy_8_columns_reduce_block", "_columns.reduce_block"),
        ("__pyx_pf_4cypy_8_columns_find_max", "_columns.find_max"),
        ("__pyx_pw_4fast_1find_max", "find_max"),
        ("__pyx_fuse_10__pyx_f_4cypy_13_kernels_avx2_wide_rows", "_kernels_avx2.wide_rows"),
        ("__pyx_fuse_0__pyx_f_4cypy_7_prange_at_once._omp_fn.0", "_prange.at_once"),
        ("_ZN6rustpy5tiled4simd4fold17h0123456789abcdefE", "tiled::simd::fold"),
        ("_RNvNtNtCs1fLvo3EAbCd_6rustpy5tiled5walks4fold", "tiled::walks::fold"),
        ("_RINvNtCs1fLvo3EAbCd_6rustpy5tiled4foldmEB4_", "tiled::fold"),
        ("_ZN4fast5totalEPKdm", "fast::total"),
        ("_Z5totalPKdm", "total"),
    ],
)
def test_a_symbol_is_the_name_that_its_author_wrote(symbol: str, name: str) -> None:
    assert readable_name(symbol, "rustpy", OWN_FIRST) == name


@pytest.mark.parametrize(
    "symbol",
    [
        "__pyx_memoryview_copy",
        "__pyx_pf_15View_dot_MemoryView_10memoryview_20copy",
        "__Pyx_PyObject_Call",
        "PyInit_fast",
        "_init",
        "register_tm_clones",
        "_ZN4core3fmt5write17h0123456789abcdefE",
        "_RNvNtCs1fLvo3EAbCd_4core3fmt5write",
        "_RNvNtCs1fLvo3EAbCd_6rustpy9_PYO3_DEF4exec",
    ],
)
def test_what_comes_from_elsewhere_has_no_name(symbol: str) -> None:
    assert readable_name(symbol, "rustpy", OWN_FIRST) == ""
