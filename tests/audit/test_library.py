"""What is read from a compiled library."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from whichext.audit.library import read_library
from whichext.model.evidence import Library, Unseen
from whichext.toolchains import every_toolchain

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

CODE = """
#include <math.h>
double total(const double *values, long n) {
    double sum = 0;
    for (long i = 0; i < n; i++) sum += sqrt(values[i]);
    return sum;
}
double scale(double *values, long n) {
    for (long i = 0; i < n; i++) values[i] *= 3;
    return cos(values[0]);
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source in it."""
    if shutil.which("cc") is None or sys.platform != "linux":
        pytest.skip("no compiler of ELF files")
    path = tmp_path_factory.mktemp("library")
    (path / "fast.c").write_text(CODE)
    return path


def compiled(folder: Path, *flags: str) -> Library:
    path = folder / "fast.so"
    command = ["cc", *flags, "-shared", "-fPIC", "fast.c", "-o", str(path), "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    library = read_library(path, every_toolchain())
    assert isinstance(library, Library)
    return library


def test_symbols_for_a_debugger_are_seen(folder: Path) -> None:
    assert compiled(folder, "-g").debug_bytes > 0
    assert compiled(folder).debug_bytes == 0


def test_the_stripped_size_is_about_what_strip_leaves(folder: Path) -> None:
    if shutil.which("strip") is None:
        pytest.skip("no strip")
    library = compiled(folder, "-g3")
    subprocess.run(["strip", "fast.so"], cwd=folder, check=True)
    really = (folder / "fast.so").stat().st_size
    assert library.stripped_bytes < library.file_bytes
    assert library.stripped_bytes == pytest.approx(really, rel=0.1)


def test_the_libraries_that_it_needs_are_named(folder: Path) -> None:
    assert any(name.startswith("libm.") for name in compiled(folder).needs)


def test_a_loop_that_the_compiler_vectorised_is_named(folder: Path) -> None:
    names = [function.name for function in compiled(folder, "-O3").functions]
    assert "scale" in names


def test_without_optimisation_nothing_computes_on_vectors(folder: Path) -> None:
    assert compiled(folder, "-O0").functions == ()


def test_stripped_code_is_looked_at_as_one_without_a_name(folder: Path) -> None:
    (function,) = compiled(folder, "-O3", "-s").functions
    assert function.name is None


def test_what_is_no_library_is_not_seen_and_the_reason_is_said(tmp_path: Path) -> None:
    path = tmp_path / "fast.so"
    path.write_bytes(b"no library")
    assert read_library(path, every_toolchain()) == Unseen(
        what="fast.so", reason="no ELF file that can be read: Magic number does not match"
    )


def test_a_library_that_breaks_off_is_not_seen(folder: Path, tmp_path: Path) -> None:
    compiled(folder)
    path = tmp_path / "half.so"
    path.write_bytes((folder / "fast.so").read_bytes()[:600])
    assert isinstance(read_library(path, every_toolchain()), Unseen)


def test_without_pyelftools_a_library_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "elftools.elf.elffile", None)
    unseen = read_library(Path("fast.so"), every_toolchain())
    assert isinstance(unseen, Unseen)
    assert unseen.reason.partition(": ")[0] == snapshot("pyelftools cannot be imported")
