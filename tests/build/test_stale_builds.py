"""What changes a build from outside makes it again; what does not is found in the cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.builds import FakeBuilder
from support.outside import Outside
from support.results import built_of
from whichext.build import build_project
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Project
from whichext.model.raw import Build
from whichext.toolchains.c import C

Change = Callable[[Outside], None]


def variable(name: str, before: str | None, after: str | None) -> tuple[Change, Change]:
    """Set a variable to one value, and then to another; None leaves it unset."""

    def set_to(value: str | None) -> Change:
        return nothing if value is None else lambda o: o.set(name, value)

    def change(o: Outside) -> None:
        o.monkeypatch.delenv(name, raising=False)
        set_to(after)(o)

    return set_to(before), change


def content(name: str, before: str | None, after: str, *named: str) -> tuple[Change, Change]:
    """Write a file, or none, and then another one; variables may name it."""

    def prepare(o: Outside) -> None:
        if before is not None:
            o.write(name, before)
        for one in named:
            o.set(one, o.top / name)

    return prepare, lambda o: void(o.write(name, after))


def void(_: object) -> None:
    """Nothing, whatever something gave."""


def in_folder(name: str, *named: str) -> tuple[Change, Change]:
    """Change a file in a folder that variables name."""

    def prepare(o: Outside) -> None:
        path = o.write(name, "before")
        for one in named:
            variable_, _, flag = one.partition("=")
            o.set(variable_, f"{flag}{path.parent}")

    return prepare, lambda o: void(o.write(name, "after!"))


def linked() -> tuple[Change, Change]:
    """Let a link in the project lead to another file."""

    def prepare(o: Outside) -> None:
        o.write("shared/one.h", "1")
        o.write("shared/two.h", "2")
        (o.project.folder / "shared.h").symlink_to(o.top / "shared" / "one.h")

    def change(o: Outside) -> None:
        (o.project.folder / "shared.h").unlink()
        (o.project.folder / "shared.h").symlink_to(o.top / "shared" / "two.h")

    return prepare, change


def another_program(o: Outside) -> None:
    """Put a folder with a program that no build runs first on PATH."""
    o.program("other", "one", "first")
    o.set("PATH", f"{o.top}/first{os.pathsep}{o.top}/bin")


def nothing(_: Outside) -> None:
    """Leave it as it is."""


def constraint_by_another_file() -> tuple[Change, Change]:
    """Change a file that only a constraint file names."""
    prepare, change = content("inner.txt", "backend==1.0\n", "backend==2.0\n")

    def prepare_both(o: Outside) -> None:
        prepare(o)
        o.set("PIP_CONSTRAINT", o.write("outer.txt", "-c inner.txt\n"))

    return prepare_both, change


def constraint_by_settings() -> tuple[Change, Change]:
    """Change a constraint file that only the installer's settings name."""
    prepare, change = content("limits.txt", "backend==1.0\n", "backend==2.0\n")

    def prepare_both(o: Outside) -> None:
        prepare(o)
        o.write("home/.config/pip/pip.conf", f"[install]\nconstraint = {o.top / 'limits.txt'}\n")

    return prepare_both, change


def wheelhouse_by_settings() -> tuple[Change, Change]:
    """Add a package to a folder that only the installer's settings name."""

    def prepare(o: Outside) -> None:
        o.write("wheels/backend-1.0-py3-none-any.whl", "1")
        o.write("home/.config/pip/pip.conf", f"[global]\nfind-links = {o.top / 'wheels'}\n")

    return prepare, lambda o: void(o.write("wheels/backend-2.0-py3-none-any.whl", "2"))


def uv_above() -> tuple[Change, Change]:
    """Change the settings that uv reads in the folder where whichext is called."""
    prepare, change = content("uv.toml", "offline = true\n", "offline = false\n")

    def prepare_both(o: Outside) -> None:
        prepare(o)
        o.program("uv", "one")

    return prepare_both, change


def system_header() -> tuple[Change, Change]:
    """Change a header of the system, among more of them than are read each time."""

    def prepare(o: Outside) -> None:
        for number in range(3):
            o.write(f"system/{number}.h", "before")
        o.monkeypatch.setattr(C, "searched", (o.top / "system",))

    return prepare, lambda o: void(o.write("system/1.h", "later"))


CHANGES: dict[str, tuple[Change, Change]] = {
    "a switch of the project's own": variable("MY_SLOW", None, "1"),
    "a switch is no longer set": variable("MY_SLOW", "1", None),
    "flags of the compiler": variable("CFLAGS", "-O2", "-O0"),
    "an index of packages": variable("PIP_INDEX_URL", None, "https://example.org/simple"),
    "modules on Python's path": in_folder("helpers/sitecustomize.py", "PYTHONPATH"),
    "a constraint": content("c.txt", "backend==1.0\n", "backend==2.0\n", "PIP_CONSTRAINT"),
    "a build constraint": content("c.txt", "a==1\n", "a==2\n", "PIP_BUILD_CONSTRAINT"),
    "a constraint of uv": content("c.txt", "a==1\n", "a==2\n", "UV_BUILD_CONSTRAINT"),
    "a constraint that a constraint file names": constraint_by_another_file(),
    "a constraint that settings name": constraint_by_settings(),
    "pip's settings": content("home/.config/pip/pip.conf", None, "[global]\npre = true\n"),
    "pip's settings by a variable": content("p.ini", "[a]\n", "[b]\n", "PIP_CONFIG_FILE"),
    "uv's settings": content("home/.config/uv/uv.toml", None, "offline = true\n"),
    "uv's settings in a folder above": uv_above(),
    "cargo's settings at home": content("home/.cargo/config.toml", None, "[build]\njobs = 1\n"),
    "cargo's settings in a folder above": content("work/.cargo/config.toml", "", "[build]\n"),
    "the Rust that a folder above chooses": content("rust-toolchain.toml", None, "[toolchain]\n"),
    "the Rust that is there": content("home/.rustup/update-hashes/stable", "1", "2"),
    "setuptools' settings at home": content("home/.pydistutils.cfg", None, "[build_ext]\n"),
    "a header on CPATH": in_folder("include/fast/fast.h", "CPATH"),
    "a header of the system": system_header(),
    "a header that flags name": in_folder("include/fast.h", "CFLAGS=-O2 -I"),
    "a wheelhouse": in_folder("wheels/backend-1.0-py3-none-any.whl", "PIP_FIND_LINKS"),
    "a wheelhouse that settings name": wheelhouse_by_settings(),
    "what make is given": variable("MAKEFLAGS", "k", "k -- OPT=-O0"),
    "a file that a variable names": content("cross.cmake", "1", "2", "CMAKE_TOOLCHAIN_FILE"),
    "another compiler of the same name": (nothing, lambda o: void(o.program("cc", "two"))),
    "another linker of the same name": (
        lambda o: void(o.program("ld", "one")),
        lambda o: void(o.program("ld", "two")),
    ),
    "another uv": (
        lambda o: void(o.program("uv", "one")),
        lambda o: void(o.write("bin/uv", "#!/bin/sh\necho uv 2.0\n")),
    ),
    "another Python": (nothing, lambda o: o.monkeypatch.setattr(sys, "version", "3.99.1")),
    "the target of a link": linked(),
    "whether a file may be run": (
        nothing,
        lambda o: (o.project.folder / "fast.c").chmod(0o755),
    ),
    "a source": (nothing, lambda o: void(o.write("work/fast/fast.c", "int Fast;\n"))),
}
"""What is done before a first build, and before a second one that must not be the first."""


def moved(o: Outside) -> None:
    """Move the programs and the home."""
    for name in ("bin", "home"):
        (o.top / name).rename(o.top / f"{name}2")
    o.set("HOME", o.top / "home2")
    o.set("PATH", o.top / "bin2")


def other_run(o: Outside) -> None:
    """Be in another run of a service that runs tests."""
    for name in ("GITHUB_RUN_ID", "GITHUB_SHA", "RUNNER_TEMP", "CI_JOB_ID", "ACTIONS_RUNTIME_URL"):
        o.set(name, "2")
    o.set("GITHUB_TOKEN", "another")


def other_shell(o: Outside) -> None:
    """Be in another terminal, of another language and another editor."""
    for name in ("TERM", "SHLVL", "COLUMNS", "SSH_CONNECTION", "LANG", "VSCODE_IPC_HOOK", "TMUX"):
        o.set(name, "2")


HARMLESS: dict[str, tuple[Change, Change]] = {
    "another shell": (nothing, other_shell),
    "another run of a service": (other_run, lambda o: o.set("GITHUB_RUN_ID", "3")),
    "another place of programs and home": (
        lambda o: void(o.write("home/.config/pip/pip.conf", "[global]\npre = true\n")),
        moved,
    ),
    "another program first on PATH": (nothing, another_program),
    "another folder to call it in": (
        lambda o: void(o.write("here/pyproject.toml", "[tool.other]\n")),
        lambda o: o.monkeypatch.chdir(o.top / "here"),
    ),
    "what Python leaves behind": (
        in_folder("helpers/module.py", "PYTHONPATH")[0],
        lambda o: void(o.write("helpers/__pycache__/module.pyc", "x")),
    ),
    "another time of a file": (nothing, lambda o: os.utime(o.project.folder / "fast.c", (1, 1))),
    "the password of an index": variable(
        "PIP_INDEX_URL", "https://me:old@example.org/simple", "https://me:new@example.org/simple"
    ),
    "how much make does at a time": variable("MAKEFLAGS", "w", "kj4 --jobserver-auth=3,4"),
    "a seed and threads": variable("OMP_NUM_THREADS", "1", "2"),
}
"""The same for changes after which the first build is the right one."""


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_a_build_from_outside_makes_it_again(outside: Outside, name: str) -> None:
    prepare, change = CHANGES[name]
    store, builder = Store(outside.top / "builds"), FakeBuilder()
    prepare(outside)
    first = built_of(build_project(outside.project, RELEASE, store, builder))
    change(outside)
    second = built_of(build_project(outside.project, RELEASE, store, builder))
    assert (first.cached, second.cached, len(builder.calls)) == (False, False, 2)
    assert len(second.because) >= 1


@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_no_build_finds_it_in_the_cache(outside: Outside, name: str) -> None:
    prepare, change = HARMLESS[name]
    store, builder = Store(outside.top / "builds"), FakeBuilder()
    prepare(outside)
    build_project(outside.project, RELEASE, store, builder)
    change(outside)
    second = built_of(build_project(outside.project, RELEASE, store, builder))
    assert (second.cached, len(builder.calls)) == (True, 1)


SETUP = """
import os
from setuptools import Extension, setup
level = "-O0" if os.environ.get("MY_SLOW") else "-O3"
setup(py_modules=[], ext_modules=[Extension("fast", ["fast.c"], extra_compile_args=[level])])
"""
SOURCE = """
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "fast", 0, -1, 0};
PyMODINIT_FUNC PyInit_fast(void) { return PyModule_Create(&module); }
"""
PYPROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "fast"
version = "1.0"
"""


def level_of(store: Store, build: Build) -> list[str]:
    """The last level that the compiler of fast.c got."""
    commands = store.record(built_of(build).key).commands
    calls = (one.arguments for one in commands if "fast.c" in one.arguments)
    return [[word for word in words if word.startswith("-O")][-1] for words in calls]


@pytest.mark.slow
def test_a_switch_of_a_setup_py_builds_with_other_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, store = tmp_path / "fast", Store(tmp_path / "builds")
    folder.mkdir()
    for name, text in (("setup.py", SETUP), ("fast.c", SOURCE), ("pyproject.toml", PYPROJECT)):
        (folder / name).write_text(text)
    project = Project(
        name="fast", folder=folder, module="fast", toolchain="c", needs=("cc",), entries=()
    )
    fast = build_project(project, RELEASE, store)
    monkeypatch.setenv("MY_SLOW", "1")
    slow = build_project(project, RELEASE, store)
    assert (level_of(store, fast), level_of(store, slow)) == (["-O3"], ["-O0"])
    assert [why.name for why in built_of(slow).because] == ["MY_SLOW"]
    monkeypatch.delenv("MY_SLOW")
    assert built_of(build_project(project, RELEASE, store)).cached
