"""Floats that are compared by their bits: zeros, NaN and subnormals, in any process."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whichext.model.kernel import Tolerance
from whichext.verify.compare import find_difference

EXACT = Tolerance()


def agree(expected: Any, got: Any) -> bool:
    return find_difference(expected, got, EXACT) is None


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble", "complex128"])
def test_zeros_of_both_signs_agree(dtype: str) -> None:
    zeros = np.array([0.0, -0.0, 1.0], dtype)
    assert agree(zeros, np.array([-0.0, 0.0, 1.0], dtype))
    assert agree(0.0, -0.0)


@pytest.mark.parametrize(("dtype", "words"), [("float32", "uint32"), ("float64", "uint64")])
def test_all_nan_agree(dtype: str, words: str) -> None:
    nan = np.array([np.nan, -np.nan], dtype)
    other = nan.copy()
    other.view(words)[:] |= 5
    assert agree(nan, other)
    assert not agree(np.array([np.inf, 1.0], dtype), nan)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64"])
def test_the_least_subnormal_is_not_zero(dtype: str) -> None:
    least = np.finfo(dtype).smallest_subnormal
    assert not agree(np.array([1.0, least], dtype), np.array([1.0, 0.0], dtype))


def test_bits_are_compared_in_any_layout_and_byte_order() -> None:
    values = np.arange(12.0).reshape(3, 4)
    for other in (values.astype(">f8"), np.asfortranarray(values), values[::-1][::-1]):
        assert agree(values, other)
        assert not agree(values + 1, other)


FLUSHES = """
#include <xmmintrin.h>
void flush(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }
"""


@pytest.mark.slow
@pytest.mark.compiler
@pytest.mark.skipif(platform.machine() != "x86_64", reason="sets a mode of x86 processors")
def test_a_process_that_takes_subnormals_for_zero_tells_them_apart(tmp_path: Path) -> None:
    (tmp_path / "flush.c").write_text(FLUSHES)
    library = tmp_path / "flush.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, tmp_path / "flush.c"], check=True)
    code = f"""
import ctypes
import numpy as np
from whichext.model.kernel import Tolerance
from whichext.verify.compare import find_difference

zero, least = np.zeros(2), np.full(2, 5e-324)
assert not (least == zero).any()
ctypes.CDLL({str(library)!r}).flush()
assert (least == zero).all(), "the mode was not set"
for found in (
    find_difference(least, zero, Tolerance()),
    find_difference(float(least[0]), 0.0, Tolerance()),
):
    assert found is not None
    assert "0000000000000001" in found.expected
    assert "0000000000000000" in found.got
"""
    subprocess.run([sys.executable, "-c", code], check=True)
