"""Hostile environments: the program works, or says in one error what to do; never a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from inline_snapshot import snapshot

from support.hostile import Ended, typed, write_kernel

pytestmark = [pytest.mark.slow, pytest.mark.processes]

ODD = "\N{LATIN SMALL LETTER O WITH DIAERESIS} a:b"
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
BROKEN_UV = "#!/bin/sh\nexit 3\n"
LAUNCHER = '#!/bin/sh\nexec "$@"\n'
ODD_BYTES = r"""#!/bin/sh
if [ "$1" = --version ]; then printf 'cc \377\376 \033[31m 12.2.0\n'; exit; fi
exec "$REAL" "$@"
"""

Environment = dict[str, str | None]


@dataclass(frozen=True)
class Place:
    """The folders of one run."""

    folder: Path
    """A new folder for all of it."""
    environment: Environment
    """What the program gets."""
    kernel: Path

    def program(self, name: str, text: str) -> None:
        """Put a program first on PATH."""
        home = self.folder / "programs"
        home.mkdir(exist_ok=True)
        (home / name).write_text(text, "utf-8")
        (home / name).chmod(0o755)
        self.environment["PATH"] = f"{home}{os.pathsep}{os.environ['PATH']}"

    def module(self, name: str, text: str) -> None:
        """Put a module first on Python's path."""
        home = self.folder / "modules"
        home.mkdir(exist_ok=True)
        (home / f"{name}.py").write_text(text, "utf-8")
        before = os.environ.get("PYTHONPATH", "")
        self.environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(home), before)))

    def temporary(self, folder: Path) -> None:
        """Have temporary files in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.environment["TMPDIR"] = str(folder)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    environment: Environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    return Place(tmp_path, environment, write_kernel(tmp_path / "kernel"))


@pytest.fixture(params=["noexec", "ro", "size=40k"])
def mounted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A file system of its own, where this process may mount one."""
    option, folder = str(request.param), tmp_path / "mounted"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", option, "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("this process may mount nothing")
    try:
        yield option, folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def audited(place: Place, *words: str, kernel: Path | None = None) -> Ended:
    """An audit; no environment gives a traceback."""
    ended = typed("audit", kernel or place.kernel, *words, environment=place.environment)
    assert "Traceback" not in ended.said
    assert "fault of whichext" not in ended.said
    return ended


def works(ended: Ended, told: str = "-O2 first.c") -> None:
    assert told in ended.said, ended.said
    assert ended.code == 0, ended.said


WORKING: Mapping[str, Callable[[Place], object]] = {
    "PYTHONPATH with a module of Python's names": lambda p: p.module("this", "print('shadow')"),
    "UV_PYTHON": lambda p: p.environment.update(UV_PYTHON="9.9"),
    "a broken uv": lambda p: p.program("uv", BROKEN_UV),
    "a sitecustomize that prints": lambda p: p.module("sitecustomize", "print('hello')"),
    "a compiler that prints odd bytes": lambda p: p.program(
        "cc", ODD_BYTES.replace("$REAL", shutil.which("cc") or "")
    ),
    "no HOME": lambda p: p.environment.update(HOME=None),
    "a HOME that is not there": lambda p: p.environment.update(HOME="/no/such"),
    "TMPDIR that is not there": lambda p: p.environment.update(TMPDIR="/no/such"),
    "the locale C": lambda p: p.environment.update(C_LOCALE),
    "CARGO_TARGET_DIR": lambda p: p.environment.update(CARGO_TARGET_DIR=str(p.folder / "target")),
    "ccache": lambda p: (p.program("ccache", LAUNCHER), p.environment.update(CC="ccache cc")),
    "sccache for Rust": lambda p: p.environment.update(RUSTC_WRAPPER="sccache"),
    "an odd cache": lambda p: p.environment.update(XDG_CACHE_HOME=str(p.folder / ODD / "cache")),
    "an odd TMPDIR": lambda p: p.temporary(p.folder / ODD / "tmp"),
}


@pytest.mark.parametrize("name", WORKING)
def test_it_works_and_compilers_are_seen_in(place: Place, name: str) -> None:
    WORKING[name](place)
    works(audited(place))


def part_of(ended: Ended, place: Place, begin: str, end: str) -> str:
    """What was printed from some word to another one, with PATH for the folder of the test."""
    said = ended.said.replace(str(place.folder), "PATH")
    start = said.index(begin)
    return said[start : said.index(end, start) + len(end)]


def test_an_uv_that_does_not_work_is_noted(place: Place) -> None:
    place.program("uv", BROKEN_UV)
    assert part_of(audited(place), place, "whichext:", "off PATH") == snapshot(
        "whichext: PATH/programs/uv --version ends with 3, and without a version of uv: pip "
        "installs what builds need. Next: repair uv, or take it off PATH"
    )


@pytest.mark.parametrize("locale", [{}, C_LOCALE], ids=["UTF-8", "C"])
def test_every_path_may_be_odd(place: Place, locale: Mapping[str, str]) -> None:
    place.environment.update(locale, XDG_CACHE_HOME=str(place.folder / ODD / "cache"))
    place.temporary(place.folder / ODD / "tmp")
    works(audited(place, kernel=write_kernel(place.folder / ODD / "ker nel:")))


def test_a_broken_module_in_the_place_of_pythons_own_is_named(place: Place) -> None:
    place.module("statistics", "raise ImportError('mine')")
    ended = audited(place)
    assert part_of(ended, place, "whichext:", "PYTHONPATH") == snapshot(
        "whichext: ImportError: mine: PATH/modules/statistics.py stands in the place of a module "
        "that whichext needs Next: rename it, or take its folder out of PYTHONPATH"
    )
    assert ended.code == 1


def test_a_broken_module_in_the_place_of_a_package_is_named(place: Place) -> None:
    place.module("numpy", "raise RuntimeError('mine')")
    ended = audited(place)
    assert part_of(ended, place, "whichext:", "PYTHONPATH") == snapshot(
        "whichext: RuntimeError: mine: PATH/modules/numpy.py stands in the place of a module "
        "that whichext needs Next: rename it, or take its folder out of PYTHONPATH"
    )
    assert ended.code == 1


def without_pip(folder: Path) -> str:
    """An interpreter with all packages of this one, but pip and what else makes environments."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for one in Path(np.__file__).parents[1].iterdir():
        if not one.name.startswith(("pip", "virtualenv")):
            (site / one.name).symlink_to(one)
    return str(folder / "bin" / "python")


def test_a_venv_without_pip_builds(place: Place) -> None:
    python = without_pip(place.folder / "venv")
    works(typed("audit", place.kernel, environment=place.environment, python=python))


CACHES = {
    "noexec": "expected a folder from which compiled code can be loaded",
    "ro": "expected a folder in which builds can be kept",
    "size=40k": "expected room for a build",
}


def test_a_cache_that_cannot_be_used_is_one_error(place: Place, mounted: tuple[str, Path]) -> None:
    option, folder = mounted
    place.environment["XDG_CACHE_HOME"] = str(folder)
    ended = audited(place)
    assert ended.err.count("Next:") == ended.code == 1
    assert part_of(ended, place, "expected", "Next: ").split(",")[0] == CACHES[option]


def test_temporary_files_go_elsewhere_where_they_cannot_be(
    place: Place, mounted: tuple[str, Path]
) -> None:
    place.environment["TMPDIR"] = str(mounted[1])
    works(audited(place))


def test_a_disk_that_is_full_for_the_result_is_one_error(place: Place) -> None:
    ended = audited(place, "-o", "/dev/full")
    assert part_of(ended, place, "whichext:", "yours") == snapshot(
        "whichext: -o /dev/full: expected a file that can be written, got a device or a pipe "
        "Next: name a file in a folder that exists and is yours"
    )
    assert ended.code == 2


def test_a_variable_that_changes_the_release_is_named(place: Place) -> None:
    place.environment["CFLAGS"] = "-O0"
    assert part_of(audited(place), place, "first: built", "--clean-env") == snapshot(
        "first: built with -O0: a ratio between them says as much about the flags as about the "
        "code. Next: build without CFLAGS of this environment: --clean-env"
    )


def test_a_clean_environment_builds_without_it(place: Place) -> None:
    place.environment["CFLAGS"] = "-O0"
    ended = audited(place, "--clean-env")
    works(ended)
    assert "CFLAGS" not in ended.said


def test_a_flag_that_no_compiler_knows_is_named_with_the_compilers_line(place: Place) -> None:
    place.environment["CFLAGS"] = "-fnonsense"
    ended = audited(place)
    assert part_of(ended, place, "did not build", "environment:") == snapshot(
        "did not build with CFLAGS=-fnonsense of this environment:"
    )
    assert part_of(ended, place, "Next:", "--clean-env") == snapshot(
        "Next: build without CFLAGS of this environment: --clean-env"
    )
    assert re.search(r"\| cc: error: .*-fnonsense", ended.said)


def test_a_compiler_that_is_not_there_is_named_with_its_variable(place: Place) -> None:
    place.environment["CC"] = "nonsense"
    assert part_of(audited(place), place, "first @release: skipped", "on PATH") == snapshot(
        "first @release: skipped: the program that CC=nonsense of this environment names is "
        "missing Next: unset CC, or let it name a program that is on PATH"
    )
