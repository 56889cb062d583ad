"""the Python packages that contestants import: which are there, and what is said of the others."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from fake_builder import FakeBuilder
from whichext.build import build_project
from whichext.build.packages import find_absent, package_versions
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Entry, Project
from whichext.model.outcome import Built, PackageAbsent, Tool
from whichext.report.outcome_words import Lack, find_lack

NUMPY = Tool("numpy", metadata.version("numpy"))


def test_nothing_is_missing_where_nothing_is_required() -> None:
    assert find_absent((), None) is None


@pytest.mark.parametrize("name", ["numpy", "NumPy", "typing-extensions", "typing_extensions"])
def test_a_package_that_is_installed_is_found_however_its_name_is_written(name: str) -> None:
    assert find_absent((name,), None) is None


def test_a_package_that_is_absent_is_named_with_the_command_that_gets_it() -> None:
    absent = find_absent(("no-such-package",), None)
    assert absent == PackageAbsent(("no-such-package",))
    assert find_lack(absent) == Lack(
        missing="the Python package no-such-package", remedy="pip install no-such-package"
    )


def test_all_absent_packages_are_named_at_once_and_the_others_not() -> None:
    absent = find_absent(("no-such-package", "numpy", "nor-this-one"), None)
    assert absent == PackageAbsent(("no-such-package", "nor-this-one"))
    assert find_lack(absent) == Lack(
        missing="the Python packages no-such-package, nor-this-one",
        remedy="pip install no-such-package nor-this-one",
    )


def test_a_remedy_of_the_entrys_own_stands_in_place_of_the_command() -> None:
    skipped = find_absent(("no-such-package",), "ask the librarian")
    assert skipped == PackageAbsent(("no-such-package",), "ask the librarian")


def test_only_packages_that_are_there_have_versions() -> None:
    assert package_versions(("no-such-package", "numpy")) == (NUMPY,)


def test_looking_for_a_package_does_not_import_it() -> None:
    code = (
        "import sys; from whichext.build.packages import find_absent, package_versions; "
        "find_absent(('hypothesis',), None); package_versions(('hypothesis',)); "
        "sys.exit('hypothesis' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def project_in(folder: Path, *requires: str) -> Project:
    (folder / "fast").mkdir(exist_ok=True)
    return Project(
        name="fast",
        folder=folder / "fast",
        module="fast",
        toolchain="python",
        needs=(),
        entries=(Entry(function="f", requires=requires),),
    )


def receipt(project: Project, store: Store) -> Built:
    result = build_project(project, RELEASE, store, FakeBuilder()).result
    assert isinstance(result, Built), result
    return result


def test_a_receipt_names_the_packages_that_the_entries_call(tmp_path: Path) -> None:
    built = receipt(project_in(tmp_path, "numpy"), Store(tmp_path / "builds"))
    assert built.tools == (NUMPY, Tool("fake-backend", "7.1"))


def test_a_build_has_another_key_with_another_version_of_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, keys = Store(tmp_path / "builds"), []
    for version in ("1.0", "1.0", "1.1"):
        monkeypatch.setattr(metadata, "version", lambda _, version=version: version)
        keys.append(receipt(project_in(tmp_path, "numba"), store).key)
    assert (keys[0] == keys[1], keys[1] == keys[2]) == (True, False)


def test_a_project_whose_packages_are_absent_is_built_like_any_other(tmp_path: Path) -> None:
    project = project_in(tmp_path, "no-such-package")
    assert receipt(project, Store(tmp_path / "builds")).tools == (Tool("fake-backend", "7.1"),)
