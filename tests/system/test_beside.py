"""Modules beside a kernel.py are found by their names, and never in the place of others."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from whichext.model.errors import KernelError
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
    assert refusal(folder).got == "Python's own as well"
    folder_of(tmp_path, kernel="def f():\n    from statistics import fmean\n")
    assert refusal(folder).next_step == "rename statistics.py, and what imports it"
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
