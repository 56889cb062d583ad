"""Profiles through the usual backends, with projects that set flags of their own."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from inline_snapshot import snapshot

from support.contestants import profile_of
from whichext.build import build_project
from whichext.build.store import Store
from whichext.load.kernel import load_kernel
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Project
from whichext.model.outcome import BuildFailed, Built, NotApplicable
from whichext.toolchains import trace_all

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PROJECTS = {one.name: one for one in load_kernel(BENCHMARKS / "kernels" / "backends").projects}

pytestmark = [pytest.mark.slow, pytest.mark.compiler]


@pytest.fixture(scope="module")
def matrix() -> ModuleType:
    """The benchmark that builds every project under every profile, of which this is a part."""
    path = BENCHMARKS / "backends.py"
    spec = importlib.util.spec_from_file_location("backends", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def levels(project: Project, profile: str, store: Store) -> set[str]:
    """The levels of what is in the wheel."""
    result = build_project(project, profile_of(profile), store).result
    assert isinstance(result, Built), result
    libraries = frozenset(path.name for path in store.site(result.key).rglob("*.so"))
    noted = store.record(result.key).commands
    return {settings.level for settings, _ in trace_all(noted, libraries)}


@pytest.mark.parametrize(
    ("name", "profile", "flags"),
    [
        ("setuptools_c", "debug", "-O0"),
        ("setuptools_cython", "isa=native", "-march=native"),
        ("scikit_pybind11", "optimisation=O2", "-O2"),
        ("scikit_nanobind", "native", "-O3 -march=native"),
        ("meson_cython", "bounds=checked", "-X boundscheck=True"),
        ("maturin_rust", "checked", "-C overflow-checks=on -C debug-assertions=on"),
    ],
)
def test_a_build_has_the_flags_of_its_release_and_those_of_its_profile(
    store: Store, matrix: ModuleType, name: str, profile: str, flags: str
) -> None:
    project = PROJECTS[name]
    release = matrix.calls_of(project, RELEASE, store)
    text = matrix.cell(project, profile_of(profile), release, store)
    assert text.startswith(f"as told: {flags} in ")


@pytest.mark.parametrize(
    ("name", "release", "profile", "expected"),
    [
        # The level of a setup.py comes after those of the environment, and so does CMake's.
        ("setuptools_c", {"3"}, "debug", {"0"}),
        ("scikit_pybind11", {"3"}, "optimisation=O2", {"2"}),
        # Cargo.toml has a level of its own, and .cargo/config.toml flags without which it would
        # not compile.
        ("maturin_rust", {"1"}, "optimisation=O3", {"3"}),
    ],
)
def test_the_level_of_a_profile_wins_over_the_projects_own(
    store: Store, name: str, release: set[str], profile: str, expected: set[str]
) -> None:
    found = [levels(PROJECTS[name], one, store) for one in ("release", profile)]
    assert found == [release, expected]


def test_directives_that_setuptools_keeps_from_cython_are_a_reason_to_skip(store: Store) -> None:
    result = build_project(PROJECTS["setuptools_cython"], profile_of("checked"), store).result
    assert isinstance(result, NotApplicable)
    assert (result.factor, result.reason) == snapshot(
        (
            "bounds",
            "setup.py runs Cython in its own process, which takes directives from its "
            "compiler_directives and from the heads of .pyx files",
        )
    )


@pytest.mark.parametrize("name", ["flit_python", "hatch_python"])
def test_what_compiles_nothing_is_skipped_before_it_is_built(tmp_path: Path, name: str) -> None:
    result = build_project(PROJECTS[name], profile_of("debug"), Store(tmp_path)).result
    assert not isinstance(result, Built | BuildFailed)
