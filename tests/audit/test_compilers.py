"""The audit of real builds by compilers of every kind, and of what none that is known compiled."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest

from whichext.build.store import Store
from whichext.judge.factors import vectors
from whichext.model.evidence import Evidence
from whichext.model.finding import (
    NotOptimised,
    ObjectsUnseen,
    ProcessChanged,
    UnlikeCompiler,
    UnlikeMath,
    spoils,
)
from whichext.model.options import Options
from whichext.model.process import Moment, Shared
from whichext.model.raw import Kind, Raw
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

COMPILERS = Path(__file__).parents[1] / "kernels" / "compilers"
HAS_FORTRAN = pytest.mark.skipif(shutil.which("gfortran") is None, reason="no gfortran")
HAS_CLANG = pytest.mark.skipif(shutil.which("clang") is None, reason="no clang")
HAS_TCC = pytest.mark.skipif(shutil.which("tcc") is None, reason="no tcc")


@pytest.fixture(scope="module")
def audited(store: Store) -> Raw:
    """The audit of one loop, compiled by several compilers and with several flags."""
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        return execute(COMPILERS, kind=Kind.AUDIT, store=store).raw


def build_of(audited: Raw, project: str) -> Evidence:
    return next(one for one in audited.evidence if one.project == project)


def test_an_object_that_a_script_compiled_is_named(audited: Raw) -> None:
    (finding,) = (one for one in audited.findings if isinstance(one, ObjectsUnseen))
    assert (finding.build, finding.files) == ("by_script", ("loop.o",))
    assert finding.contestants == ("by_script.total",)
    assert "objects" in vectors(audited)["by_script.total"]


def test_liberties_with_numbers_are_found_and_are_a_factor(audited: Raw) -> None:
    (finding,) = (one for one in audited.findings if isinstance(one, UnlikeMath))
    groups = {group.setting: group.builds for group in finding.groups}
    assert groups["fast"] == ("flushes",)
    assert "plain" in groups["strict"]
    found = vectors(audited)
    assert (found["flushes.total"]["math"], found["plain.total"]["math"]) == ("fast", "strict")


def test_a_library_that_flushes_subnormals_for_the_whole_process_is_found(audited: Raw) -> None:
    found = [
        one
        for one in audited.findings
        if isinstance(one, ProcessChanged) and one.change.state is Shared.SUBNORMALS
    ]
    # From GCC 13 on, a shared library no longer gets the code that does it.
    assert all(one.contestants == ("flushes.total",) for one in found)
    assert all(spoils(one) and one.change.moment is Moment.IMPORT for one in found)
    (flushes,) = build_of(audited, "flushes").compilers
    assert found or int(flushes.removeprefix("gcc ").partition(".")[0]) > 12


@HAS_FORTRAN
def test_fortran_has_its_level_beside_that_of_its_binding(audited: Raw) -> None:
    build = build_of(audited, "fortran")
    found = {one.settings.language: one.sources for one in build.compiled}
    assert found == {"c": ("fortran.c",), "fortran": ("loop.f90",)}
    assert (build.levels, build.unseen_objects) == (("3",), ())
    assert len(build.compilers) == 1


@HAS_TCC
def test_a_compiler_that_optimises_nothing_is_named(audited: Raw) -> None:
    build = build_of(audited, "tcc")
    assert [name.partition(" ")[0] for name in build.compilers] == ["tcc"]
    assert build.levels == ("0",)
    found = [one for one in audited.findings if isinstance(one, NotOptimised)]
    assert [one.contestants for one in found] == [("tcc.total",)]
    assert any(isinstance(one, UnlikeCompiler) for one in audited.findings)


@HAS_CLANG
def test_one_loop_by_two_compilers_differs_in_the_compiler_alone(store: Store) -> None:
    options = Options(entries=("plain.*",), factors=("compiler=gcc", "compiler=clang"))
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # of Setuptools, as above
        raw = execute(COMPILERS, options, kind=Kind.AUDIT, store=store).raw
    found = {str(one.profile): one.compilers for one in raw.evidence}
    assert {name: one[0].partition(" ")[0] for name, one in found.items()} == {
        "release": "gcc",
        "compiler=gcc": "gcc",
        "compiler=clang": "clang",
    }
    gcc, clang = (vectors(raw)[f"plain.total@compiler={one}"] for one in ("gcc", "clang"))
    assert {name for name in gcc if gcc[name] != clang.get(name)} == {"compiler"}
