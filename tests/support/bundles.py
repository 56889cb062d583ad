"""Bundles of a tiny kernel, and archives that are wrong in one way."""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from support.results import changed as changed_view
from support.results import make_race, rejudged, steady
from whichext import __version__
from whichext.cli.wording import SHELL
from whichext.load.kernel import load_kernel
from whichext.model.bundle import (
    MANIFEST,
    RESULT,
    hash_of,
    line_of,
    manifest_of,
    parts_of_result,
)
from whichext.model.kernel import Kernel
from whichext.model.view import View
from whichext.report.bundle_file import write_bundle

ROW_SUM = Path(__file__).parents[1] / "kernels" / "row_sum"
Content = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the kernel."""
    shutil.copytree(ROW_SUM, tmp_path / "row_sum")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def race() -> View:
    """A race of the kernel."""
    return row_sum_race()


def row_sum_race(kernel: Kernel | None = None) -> View:
    """A race of row_sum."""
    kernel = kernel or load_kernel(ROW_SUM)
    view = make_race({"numpy": steady(1_000), "plain_sum.row_sum": steady(2_000)})
    return rejudged(changed_view(view, kernel=kernel.name, kernel_digest=kernel.digest))


def make_bundle(path: Path, view: View | None = None) -> Path:
    """A bundle of row_sum."""
    write_bundle(view or row_sum_race(), load_kernel(ROW_SUM), path, SHELL)
    return path


def contents(path: Path) -> dict[str, bytes]:
    """The files of an archive."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, files: Mapping[str, bytes]) -> Path:
    """An archive of these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def sealed(files: Mapping[str, bytes], version: str = __version__) -> dict[str, bytes]:
    """The files with a manifest that fits them, as a forger would make it."""
    kept = {name: content for name, content in files.items() if name != MANIFEST}
    kernel = msgspec.json.decode(files[MANIFEST])["kernel"]
    parts = {name: hash_of(content) for name, content in kept.items() if name != RESULT}
    made = manifest_of(kernel, parts | parts_of_result(kept[RESULT]))
    changed = replace(made, whichext_version=version)
    return {**kept, MANIFEST: msgspec.json.encode(replace(changed, line=line_of(changed)))}


def with_result(files: Mapping[str, bytes], change: Callable[[Content], None]) -> dict[str, bytes]:
    """The files with another result."""
    content = msgspec.json.decode(files[RESULT])
    change(content)
    return {**files, RESULT: msgspec.json.encode(content)}


def entry(name: str, kind: int = stat.S_IFREG, mode: int = 0o644) -> zipfile.ZipInfo:
    """An entry of an archive, of any name and kind."""
    made = zipfile.ZipInfo("placeholder")
    made.filename = made.orig_filename = name
    made.external_attr = (kind | mode) << 16
    return made


def archive_of(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    """An archive with these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for info, content in entries:
            archive.NameToInfo.clear()  # it would warn of a name that is there twice
            archive.writestr(info, content, info.compress_type)
    return file.getvalue()
