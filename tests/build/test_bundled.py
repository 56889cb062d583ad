"""Which files a bundle holds, and whether they are those that were measured."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from support.builds import FakeBuilder
from support.bundles import ROW_SUM, row_sum_race
from support.repositories import git
from support.results import built_of, changed, make_build, make_built
from whichext.build import build_project
from whichext.build.bundled import bundled, sources_in
from whichext.build.key import content_parts, sources_of
from whichext.build.sources import content_of
from whichext.build.store import Store
from whichext.load.kernel import load_kernel
from whichext.model.bundle import Measured
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Kernel
from whichext.model.raw import Raw


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    """A copy of row_sum."""
    shutil.copytree(ROW_SUM, tmp_path / "top" / "row_sum")
    return load_kernel(tmp_path / "top" / "row_sum")


def names(kernel: Kernel) -> list[str]:
    found = bundled(kernel)
    return [path.relative_to(found.top).as_posix() for path in found.files]


def built_from(kernel: Kernel) -> Raw:
    """What is measured where the project is built as it is."""
    content = content_of(kernel.projects[0].folder)
    digest = sources_of(content_parts(content.top, content.files))
    view = row_sum_race(kernel)
    contestants = [
        replace(one, project="plain") if one.project else one for one in view.raw.contestants
    ]
    build = make_build("plain", replace(make_built(), sources=digest))
    return changed(view, contestants=tuple(contestants), builds=(build,)).raw


def test_a_build_keeps_the_hash_of_its_sources_whether_it_was_made_or_found(
    kernel: Kernel, tmp_path: Path
) -> None:
    (project,) = kernel.projects
    store, found = Store(tmp_path / "builds"), []
    for _ in range(2):
        build = build_project(project, RELEASE, store, FakeBuilder())
        found.append(built_of(build))
    assert [one.cached for one in found] == [False, True]
    raw = replace(built_from(kernel), builds=(build,))
    assert {one.sources for one in found} == {
        built_of(b).sources for b in built_from(kernel).builds
    }
    assert measured(kernel, raw)["plain"] is Measured.YES


def measured(kernel: Kernel, raw: Raw) -> dict[str, Measured]:
    return {one.what: one.measured for one in sources_in(kernel.digest, kernel.projects, raw)}


def test_a_bundle_holds_the_sources_under_the_name_of_the_kernel(kernel: Kernel) -> None:
    for left in ("plain/build/x.o", "plain/__pycache__/x.pyc", ".pytest_cache/x", ".git/config"):
        path = kernel.folder / left
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert bundled(kernel).kernel == "row_sum"
    assert names(kernel) == [
        "row_sum/kernel.py",
        "row_sum/plain/plain_sum.py",
        "row_sum/plain/pyproject.toml",
    ]


def test_what_git_ignores_is_not_in_a_bundle(kernel: Kernel) -> None:
    git(kernel.folder, "init")
    (kernel.folder / ".gitignore").write_text("secret.txt\n")
    (kernel.folder / "secret.txt").write_text("secret")
    (kernel.folder / "table.csv").write_text("1,2")
    assert names(kernel) == [
        "row_sum/.gitignore",
        "row_sum/kernel.py",
        "row_sum/plain/plain_sum.py",
        "row_sum/plain/pyproject.toml",
        "row_sum/table.csv",
    ]


def test_what_a_project_reads_outside_of_the_kernel_keeps_its_place(kernel: Kernel) -> None:
    (kernel.folder.parent / "shared.h").touch()
    (kernel.folder / "plain" / "sum.c").write_text('#include "../../shared.h"')
    found = bundled(kernel)
    assert (found.top, found.kernel) == (kernel.folder.parent, "row_sum")
    assert "shared.h" in names(kernel)


def test_a_project_behind_a_link_is_in_a_bundle_where_the_link_is(
    kernel: Kernel, tmp_path: Path
) -> None:
    shutil.move(kernel.folder / "plain", tmp_path / "elsewhere")
    (kernel.folder / "plain").symlink_to(tmp_path / "elsewhere")
    assert names(kernel) == [
        "row_sum/kernel.py",
        "row_sum/plain/plain_sum.py",
        "row_sum/plain/pyproject.toml",
    ]


def test_a_project_of_another_kernel_is_in_a_bundle_where_it_is(kernel: Kernel) -> None:
    shutil.move(kernel.folder / "plain", kernel.folder.parent / "other" / "plain")
    table = (kernel.folder.parent / "other" / "plain" / "pyproject.toml").read_text()
    (kernel.folder / "plain").mkdir()
    shared = table[table.index("[tool.whichext]") :].replace(
        "[tool.whichext]", '[tool.whichext]\nfolder = "../../other/plain"'
    )
    (kernel.folder / "plain" / "pyproject.toml").write_text(shared)
    kernel = load_kernel(kernel.folder)
    assert bundled(kernel).kernel == "row_sum"
    assert names(kernel) == [
        "other/plain/plain_sum.py",
        "other/plain/pyproject.toml",
        "row_sum/kernel.py",
        "row_sum/plain/pyproject.toml",
    ]


def test_sources_are_the_ones_that_were_measured_until_they_change(kernel: Kernel) -> None:
    raw = built_from(kernel)
    as_measured = {"row_sum/kernel.py": Measured.YES, "plain": Measured.YES}
    assert measured(kernel, raw) == as_measured
    (kernel.folder / "plain" / "plain_sum.py").write_text("changed")
    assert measured(kernel, raw) == {**as_measured, "plain": Measured.NO}


def test_sources_are_the_same_in_another_folder(kernel: Kernel, tmp_path: Path) -> None:
    raw = built_from(kernel)
    shutil.move(kernel.folder.parent, tmp_path / "elsewhere")
    moved = load_kernel(tmp_path / "elsewhere" / "row_sum")
    assert set(measured(moved, raw).values()) == {Measured.YES}


def test_another_kernel_py_is_said_to_be_changed(kernel: Kernel) -> None:
    raw = replace(built_from(kernel), kernel_digest="0" * 24)
    assert measured(kernel, raw)["row_sum/kernel.py"] is Measured.NO


@pytest.mark.parametrize("sources", [None, ""], ids=["not built", "built before it was kept"])
def test_of_a_result_without_hashes_nothing_is_known(kernel: Kernel, sources: str | None) -> None:
    raw = built_from(kernel)
    builds = () if sources is None else (make_build("plain"),)
    assert measured(kernel, replace(raw, builds=builds))["plain"] is Measured.UNKNOWN


def test_a_version_that_may_come_from_git_is_named(kernel: Kernel) -> None:
    (kernel.folder / "plain" / "setup.cfg").write_text("[x]\nrequires = setuptools_scm\n")
    (_, plain) = sources_in(kernel.digest, kernel.projects, built_from(kernel))
    assert plain.version == "0.1.0"


def test_nothing_outside_of_a_bundle_is_looked_at_to_know_its_sources(
    kernel: Kernel, tmp_path: Path
) -> None:
    (kernel.folder / "plain" / "sum.c").write_text('#include "../../../secret.h"')
    raw = built_from(kernel)
    (tmp_path / "secret.h").touch()
    found = sources_in(kernel.digest, kernel.projects, raw, kernel.folder.parent)
    assert {one.measured for one in found} == {Measured.YES}
    assert measured(kernel, raw)["plain"] is Measured.NO
