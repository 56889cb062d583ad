"""An entry that is compiled when it is called: what that takes, kept apart by settings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.contestants import make_contestant
from support.processes import PATIENCE_S, Hired, hired, outcome_of
from whichext.audit.compiling import time_compiling
from whichext.model.contestant import Contestant
from whichext.model.evidence import Compiling
from whichext.model.kernel import Kernel
from whichext.model.outcome import Right

pytestmark = [pytest.mark.slow, pytest.mark.processes]

VERIFY = "whichext.verify.in_worker"
CHECKED = "bounds=checked"
# It is right where the index behind the end is seen; the memory there is its own.
LOOKS_BEHIND = """
import numpy as np
from numba import njit

@njit{}
def behind(values):
    return values[values.shape[0]]

def row_sum(values):
    try:
        behind(np.zeros(4)[:2])
    except IndexError:
        return values.sum(1)
    return values.sum(1) + 1
"""


@pytest.fixture(scope="module")
def staffed(row_sum: Kernel) -> Iterator[Hired]:
    """A crew with the first case of the kernel."""
    with hired(row_sum) as crew:
        crew.crew.prepare(row_sum.cases[0])
        yield crew


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The site of a build with one entry that Numba caches and one that it does not."""
    folder = tmp_path / "site"
    folder.mkdir()
    for name, options in (("kept", "(cache=True)"), ("fresh", ""), ("typed", '("f8(f8[:])")')):
        (folder / f"{name}.py").write_text(textwrap.dedent(LOOKS_BEHIND.format(options)))
    return folder


def numba(module: str, setting: str = "") -> Contestant:
    """The contestant of a module, maybe under a setting."""
    name = f"{module}.row_sum{'@' * bool(setting)}{setting}"
    return make_contestant(name, factors={"toolchain": "numba"})


def timed(staffed: Hired, contestant: Contestant, site: Path) -> Compiling:
    """What compiling it takes."""
    case = staffed.crew.kernel.cases[0].name
    found = time_compiling(staffed.crew, contestant, site, case, PATIENCE_S)
    assert found is not None
    return found


def is_right(staffed: Hired, contestant: Contestant, site: Path, into: Path | None = None) -> bool:
    """Whether its index behind the end was checked."""
    worker = staffed.crew.spawn(contestant, site, VERIFY, PATIENCE_S, into)
    return isinstance(outcome_of(worker, staffed.crew.kernel.cases[0].name), Right)


def test_what_is_cached_has_a_time_to_compile_and_one_to_load(staffed: Hired, site: Path) -> None:
    found = timed(staffed, numba("kept"), site)
    assert found.compile_ns > 0
    assert found.load_ns is not None


@pytest.mark.parametrize("module", ["fresh", "typed"])
def test_what_is_not_cached_has_none_to_load(staffed: Hired, site: Path, module: str) -> None:
    found = timed(staffed, numba(module), site)
    assert (found.compile_ns > 0, found.load_ns) == (True, None)


def test_an_earlier_process_has_no_say_in_the_time_to_compile(staffed: Hired, site: Path) -> None:
    assert not is_right(staffed, numba("kept"), site)
    kept = sorted(path.name for path in site.with_name("compiled").rglob("*.nbc"))
    found = timed(staffed, numba("kept"), site)
    assert found.code_digest is not None  # Numba shows the assembly of what it compiled alone
    assert sorted(path.name for path in site.with_name("compiled").rglob("*.nbc")) == kept


def test_the_users_own_cache_is_neither_read_nor_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, row_sum: Kernel, site: Path
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "mine"))
    with hired(row_sum) as crew:
        crew.crew.prepare(row_sum.cases[0])
        is_right(crew, numba("kept"), site)
        timed(crew, numba("kept"), site)
    assert not (tmp_path / "mine").exists()
    assert not list(site.rglob("*.nb?"))


def test_a_setting_is_another_code_and_the_same_setting_the_same(
    staffed: Hired, site: Path
) -> None:
    names = ("", "optimisation=O3", "optimisation=none", "isa=baseline", CHECKED)
    codes = [timed(staffed, numba("kept", name), site).code_digest for name in names]
    assert codes[0] == codes[1]
    assert len(set(codes)) == len(names) - 1


@pytest.mark.parametrize("module", ["kept", "fresh"])
def test_bounds_are_checked_under_the_setting_and_not_without(
    staffed: Hired, site: Path, tmp_path: Path, module: str
) -> None:
    found = {
        name: is_right(staffed, numba(module, name), site, tmp_path / (name or "release"))
        for name in ("", CHECKED, "bounds=unchecked", "checked")
    }
    assert found == {"": False, CHECKED: True, "bounds=unchecked": False, "checked": True}


def test_in_the_folder_of_another_setting_what_that_compiled_would_be_found(
    staffed: Hired, site: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    assert not is_right(staffed, numba("kept"), site, shared)
    assert not is_right(staffed, numba("kept", CHECKED), site, shared)  # the stale code


def test_what_its_build_compiles_is_not_timed(staffed: Hired, site: Path) -> None:
    plain, case = make_contestant("kept.row_sum"), staffed.crew.kernel.cases[0].name
    assert time_compiling(staffed.crew, plain, site, case, PATIENCE_S) is None


def test_what_does_not_answer_has_no_times(staffed: Hired, site: Path) -> None:
    (site / "broken.py").write_text("def row_sum(values): raise SystemExit(1)\n")
    case = staffed.crew.kernel.cases[0].name
    assert time_compiling(staffed.crew, numba("broken"), site, case, PATIENCE_S) is None
