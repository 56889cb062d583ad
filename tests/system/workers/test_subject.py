from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest

from whichext.model.kernel import Kernel
from whichext.race import limit
from whichext.system.workers.subject import bind
from written import REFERENCE, contestant, write_contestant


@pytest.fixture(autouse=True)
def _own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", sys.path.copy())


def test_the_reference_is_the_kernels_own_function(row_sum: Kernel) -> None:
    assert bind(REFERENCE, "", row_sum) is row_sum.reference


def test_binding_the_reference_leaves_the_path_alone(row_sum: Kernel) -> None:
    before = sys.path.copy()
    bind(REFERENCE, "", row_sum)
    assert before == sys.path


def test_a_contestant_is_imported_from_its_site(tmp_path: Path, row_sum: Kernel) -> None:
    written = write_contestant(tmp_path, "run = 'found'.upper")
    assert bind(written, str(tmp_path), row_sum)() == "FOUND"


def test_the_site_comes_before_everything_else_on_the_path(tmp_path: Path, row_sum: Kernel) -> None:
    bind(write_contestant(tmp_path, "run = print"), str(tmp_path), row_sum)
    assert sys.path[0] == str(tmp_path)


def test_the_thread_count_goes_into_the_declared_argument(tmp_path: Path, row_sum: Kernel) -> None:
    written = write_contestant(
        tmp_path, "def run(values, *, n_jobs): return values, n_jobs", threads=3
    )
    takes_threads = msgspec.structs.replace(written, threads_by="n_jobs")
    assert bind(takes_threads, str(tmp_path), row_sum)("v") == ("v", 3)


def test_without_a_declared_argument_the_function_is_called_as_it_is(
    tmp_path: Path, row_sum: Kernel
) -> None:
    written = write_contestant(tmp_path, "def run(*args, **named): return args, named", threads=3)
    assert bind(written, str(tmp_path), row_sum)("v") == (("v",), {})


def test_a_missing_module_is_named(tmp_path: Path, row_sum: Kernel) -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named 'absent'"):
        bind(contestant("absent", "run"), str(tmp_path), row_sum)


def test_a_missing_function_is_named(tmp_path: Path, row_sum: Kernel) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'run'"):
        bind(write_contestant(tmp_path, "walk = print"), str(tmp_path), row_sum)


def test_what_needs_no_build_is_imported_from_what_is_installed(row_sum: Kernel) -> None:
    before = sys.path.copy()
    assert bind(contestant("whichext.race.limit", "read"), "", row_sum) is limit.read
    assert before == sys.path
