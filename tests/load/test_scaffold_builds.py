"""Kernels that `new` makes: built, verified and raced as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

import whichext
from support.scaffolds import SIGNAL
from whichext.load.scaffold import new_kernel
from whichext.report.result import Result
from whichext.toolchains import find_lacking, find_toolchain

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

TOOLCHAINS = ("cython", "c", "rust", "nanobind", "pybind11", "numba", "pythran")
# Under names that C or its headers have for something else, as the kernel's.
EVERY_KIND = ("a=float32[:,:]", "index=int64[:]", "unix=int", "asm=float", "div=bool", "time=str")


def skip_without(*toolchains: str) -> None:
    lacking = [find_lacking(find_toolchain(one)) for one in toolchains]
    absent = next((one for one in lacking if one is not None), None)
    if absent is not None:
        pytest.skip(f"needs {absent.what}: {absent.remedy}")


def raced(folder: Path) -> Result:
    return whichext.run(folder, cases="n-1000", max_time_s=1)


@pytest.mark.parametrize("toolchain", TOOLCHAINS)
def test_each_toolchain_alone_is_right_on_every_kind_of_argument_whatever_its_name(
    toolchain: str, tmp_path: Path
) -> None:
    skip_without(toolchain)
    made = new_kernel("select", args=EVERY_KIND, toolchains=[toolchain], into=tmp_path)
    result = raced(made.folder)
    assert result.ok, str(result)
    assert f"select_{toolchain}.select" in {one.contestant for one in result.raw.timings}


def test_what_works_in_place_is_right_where_it_is_compiled(tmp_path: Path) -> None:
    skip_without("numba", "pythran")
    path = tmp_path / "place.py"
    path.write_text(
        "def scale(v: 'float64[:]', n: int):\n    for i in range(len(v)):\n        v[i] *= n\n"
    )
    made = new_kernel("mine", f"{path}:scale", toolchains=["numba", "pythran"], into=tmp_path)
    result = whichext.verify(made.folder)
    assert result.ok, str(result)


def test_all_of_them_race_a_function_that_they_start_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_without(*TOOLCHAINS)
    monkeypatch.chdir(tmp_path)
    Path("signal_.py").write_text(SIGNAL)
    made = new_kernel("mine", "signal_.py:smooth")
    assert made.toolchains == TOOLCHAINS
    result = raced(made.folder)
    assert result.ok, str(result)
    timed = {one.contestant for one in result.raw.timings}
    assert {f"mine_{one}.smooth" for one in TOOLCHAINS} <= timed
