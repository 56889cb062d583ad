"""Modules beside a kernel.py are found by their names, and never in the place of others."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import without_paths
from support.contestants import REFERENCE, case_of, write_kernel
from support.processes import PATIENCE_S, hired, outcome_of
from whichext.load.kernel import load_kernel
from whichext.model.errors import KernelError
from whichext.model.outcome import Right
from whichext.system.beside import find_beside, give_way


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Finds nothing beside these kernels afterwards."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    yield
    find_beside(tmp_path / "nowhere")


def folder_of(home: Path, **modules: str) -> Path:
    """A folder with these modules."""
    home.mkdir(exist_ok=True)
    for name, text in modules.items():
        (home / f"{name}.py").write_text(text)
    return home


def refusal(folder: Path) -> KernelError:
    with pytest.raises(KernelError) as error:
        find_beside(folder)
    return error.value


def test_a_module_beside_a_kernel_is_found_also_later(tmp_path: Path) -> None:
    find_beside(folder_of(tmp_path, kernel="", helper_b="import other_b", other_b="SIZE = 3"))
    assert importlib.import_module("helper_b").other_b.SIZE == 3


def test_of_two_kernels_each_has_its_own(tmp_path: Path) -> None:
    for name in ("one", "two", "one"):
        find_beside(folder_of(tmp_path / name, kernel="", helper_b=f"NAME = {name!r}"))
        assert name == importlib.import_module("helper_b").NAME


def test_a_module_that_was_edited_is_read_again(tmp_path: Path) -> None:
    for text in ("SIZE = 3", "SIZE = 44"):
        find_beside(folder_of(tmp_path, kernel="", helper_b=text))
        importlib.import_module("helper_b")
    assert importlib.import_module("helper_b").SIZE == 44


def test_a_name_that_python_has_is_refused_where_it_is_imported(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, kernel="import statistics", statistics="")
    assert without_paths(str(refusal(folder)), tmp_path) == snapshot(
        "PATH/kernel.py: imports statistics: expected one module of that name, "
        "PATH/statistics.py, got Python's own as well\n"
        "Next: rename statistics.py, and what imports it"
    )
    folder_of(tmp_path, kernel="def f():\n    from statistics import fmean\n")
    assert refusal(folder).what == "imports statistics"
    folder_of(tmp_path, kernel="import helper_b", helper_b="import statistics")
    assert refusal(folder).what == "imports statistics"
    folder_of(tmp_path, kernel="", helper_b="")
    find_beside(folder)
    assert importlib.import_module("statistics").__file__ != str(folder / "statistics.py")


def test_a_name_that_is_installed_or_on_the_path_is_refused(tmp_path: Path) -> None:
    assert "numpy" in refusal(folder_of(tmp_path / "a", kernel="import numpy", numpy="")).got
    elsewhere = folder_of(tmp_path / "path", helper_b="", kernel="")
    sys.path.append(str(elsewhere))
    importlib.invalidate_caches()
    other = folder_of(tmp_path / "b", kernel="import helper_b", helper_b="")
    assert refusal(other).got == f"{elsewhere / 'helper_b.py'} as well"
    find_beside(elsewhere)  # the same file is no other one


def test_what_cannot_be_read_is_left_to_its_import(tmp_path: Path) -> None:
    find_beside(folder_of(tmp_path, kernel="import (", helper_b=""))


def test_the_kernel_itself_and_modules_of_packages_are_not_found(tmp_path: Path) -> None:
    find_beside(folder_of(tmp_path, kernel="", helper_b=""))
    for name in ("kernel", "json.helper_b"):
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(name)


def test_a_contestants_module_takes_the_place_of_one_of_the_same_name(tmp_path: Path) -> None:
    find_beside(folder_of(tmp_path / "k", kernel="", helper_b="", other_b=""))
    first, other = (importlib.import_module(name) for name in ("helper_b", "other_b"))
    site = folder_of(tmp_path / "site", helper_b="")
    give_way(str(site))
    sys.path.insert(0, str(site))
    importlib.invalidate_caches()
    assert importlib.import_module("helper_b") is not first
    assert importlib.import_module("other_b") is other


@pytest.mark.slow
@pytest.mark.processes
def test_every_process_finds_a_module_beside_the_kernel_also_within_a_function(
    tmp_path: Path,
) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "late_helper.py").write_text("TOTAL = 4.0\n")
    kernel = write_kernel(tmp_path, reference="import late_helper; return late_helper.TOTAL")
    with hired(kernel) as staffed:
        prepared = staffed.crew.prepare(case_of(kernel, "one"))
        worker = staffed.crew.spawn(REFERENCE, None, "whichext.verify.in_worker", PATIENCE_S)
        assert isinstance(outcome_of(worker, prepared.names[0]), Right)


def test_a_module_beside_a_kernel_counts_in_its_digest(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path).folder
    digests = set()
    for text in ("SIZE = 3", "SIZE = 44"):
        (folder / "helper_b.py").write_text(text)
        digests.add(load_kernel(folder).digest)
    assert len(digests) == 2


def test_a_folder_that_a_kernel_takes_for_a_module_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "k", kernel="import helpers_b")
    (folder / "helpers_b").mkdir()
    with pytest.raises(KernelError) as error:
        load_kernel(folder)
    assert error.value.next_step == snapshot(
        "put the folder helpers_b into one file helpers_b.py beside kernel.py, or install it"
    )
