"""The audit of real builds: each project at fault is caught by the finding that names it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import warnings
import zipfile
from pathlib import Path

import pytest

from support.builds import build_here
from support.cli import Command
from whichext.build.frontend import build_wheel
from whichext.build.store import Store
from whichext.model.finding import (
    FactorContradicted,
    GilHeld,
    NotOptimised,
    OpenMpMissing,
    PythonInLoop,
)
from whichext.model.options import Options
from whichext.model.outcome import Measured
from whichext.model.raw import Kind, Raw
from whichext.pipeline import execute
from whichext.toolchains.profiles import Telling

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

UNLIKE = Path(__file__).parents[1] / "kernels" / "unlike"
FAULTS = {
    "not_optimised": NotOptimised,
    "prange_without_openmp": OpenMpMissing,
    "contradicts_itself": FactorContradicted,
    "python_in_loop": PythonInLoop,
    "keeps_the_gil": GilHeld,
}


COMPILE = f"cc -O3 -shared -fPIC -I{sysconfig.get_path('include')} good.c -o good.so"
BACKEND = f"""
import subprocess, zipfile
from pathlib import Path

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    subprocess.run({COMPILE.split()!r}, check=True)
    name = "good-1.0-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, name), "w") as archive:
        archive.write("good.so")
    return name
"""


@pytest.fixture(scope="module")
def audited(store: Store) -> Raw:
    """The audit of a kernel whose projects are built wrong on purpose, but for one."""
    build_here(UNLIKE, store)
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        return execute(UNLIKE, kind=Kind.AUDIT, store=store).raw


def about(audited: Raw, project: str) -> list[object]:
    """Findings that name an entry of a project."""
    names = ((f, getattr(f, "contestants", ())) for f in audited.findings)
    return [f for f, who in names if any(n.startswith(f"{project}.above_zero") for n in who)]


@pytest.mark.parametrize("project", FAULTS)
def test_each_fault_is_caught_by_the_finding_that_names_it(audited: Raw, project: str) -> None:
    assert FAULTS[project] in {type(finding) for finding in about(audited, project)}


def test_a_build_without_optimisation_is_named(audited: Raw) -> None:
    (finding,) = (f for f in about(audited, "not_optimised") if isinstance(f, NotOptimised))
    assert finding.told.endswith("-O0")


def test_a_prange_without_openmp_is_named_by_its_source(audited: Raw) -> None:
    # The thread count is this machine's, and in the name.
    (finding,) = (f for f in audited.findings if isinstance(f, OpenMpMissing))
    assert finding.asked_by == ("prange_without_openmp.c",)
    assert finding.contestants[0].startswith("prange_without_openmp.above_zero[")


def test_a_factor_that_is_not_so_is_the_authors_error(audited: Raw) -> None:
    (finding,) = about(audited, "contradicts_itself")
    assert isinstance(finding, FactorContradicted)
    assert (finding.declared, finding.seen) == ("O2", "-O3")


def test_a_project_that_is_built_well_has_no_finding_of_its_own(audited: Raw) -> None:
    assert about(audited, "good") == []


def test_every_project_has_evidence_of_its_one_source(audited: Raw) -> None:
    sources = {e.project: [c.sources for c in e.compiled] for e in audited.evidence}
    assert sources == {name: [(f"{name}.c",)] for name in ("good", *FAULTS)}


def test_a_loop_that_calls_python_is_named_by_its_lines(audited: Raw) -> None:
    (finding,) = (f for f in about(audited, "python_in_loop") if isinstance(f, PythonInLoop))
    assert finding.lines[:2] == ("python_in_loop.pyx:5", "python_in_loop.pyx:6")
    assert any("Compare" in call or "Object" in call for call in finding.calls)


def test_only_who_keeps_the_gil_is_named(audited: Raw) -> None:
    (finding,) = (f for f in audited.findings if isinstance(f, GilHeld))
    free = {one.contestant: one.gil_free for one in audited.probes}
    assert (free["good.above_zero"] or 0) > 0.9
    assert max(free[name] or 0 for name in finding.contestants) < 0.1


def test_the_wheel_and_the_library_in_it_are_seen(audited: Raw) -> None:
    (good,) = (e for e in audited.evidence if e.project == "good")
    (library,) = good.libraries
    assert good.tag.startswith(f"cp{sys.version_info[0]}{sys.version_info[1]}-")
    assert 0 < library.stripped_bytes < library.file_bytes
    assert good.unseen == ()


def test_the_good_ones_get_their_rows_all_the_same(store: Store, audited: Raw) -> None:
    options = Options(entries=("good.*", "not_optimised.*"), max_time_s=0.5, min_epochs=2)
    view = execute(UNLIKE, options, store=store)
    measured = {row.contestant for row in view.judged.rows if isinstance(row.outcome, Measured)}
    assert {"good.above_zero", "not_optimised.above_zero"} <= measured
    assert NotOptimised in {type(finding) for finding in view.raw.findings}
    assert {one.contestant for one in view.raw.probes} < {one.contestant for one in audited.probes}


@pytest.mark.usefixtures("kept_builds")
def test_the_command_shows_it_and_ends_with_1(command: Command, audited: Raw) -> None:
    ended = command("audit", str(UNLIKE), "--entry", "contradicts_itself.*")
    assert ended.code == 1
    (said,) = (line for line in ended.out.splitlines() if "kernel author's error" in line)
    assert "contradicts_itself.above_zero" in said
    assert audited.findings != ()  # what it takes is in the store by now


@pytest.mark.usefixtures("kept_builds")
def test_the_command_ends_with_0_where_nothing_spoils_a_comparison(
    command: Command, audited: Raw
) -> None:
    ended = command("audit", str(UNLIKE), "--entry", "good.*")
    assert (ended.code, "good.c" in ended.out) == (0, True)
    assert audited.findings != ()


def test_noting_the_calls_does_not_change_what_is_built(tmp_path: Path, audited: Raw) -> None:
    """The same sources in the same folder, built by hand with the flags that were noted."""
    (evidence,) = (e for e in audited.evidence if e.project == "good")
    assert evidence.settings[0].told.endswith("-O3")
    source = tmp_path / "source"
    source.mkdir()
    (source / "good.c").write_bytes((UNLIKE / "good" / "good.c").read_bytes())
    (source / "backend.py").write_text(BACKEND)
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    wheel = build_wheel(source, tmp_path / "wheel", Telling(), tmp_path / "log")
    with zipfile.ZipFile(wheel.path) as archive:
        recorded = archive.read("good.so")
    subprocess.run(["sh", "-c", COMPILE], cwd=source, env=dict(os.environ), check=True)
    assert recorded == (source / "good.so").read_bytes()
    assert [c.arguments[-1] for c in wheel.record.commands] == ["good.so"]
