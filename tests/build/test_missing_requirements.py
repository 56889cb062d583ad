"""What a build says that lacks a package which its pyproject.toml does not require."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from whichext.build.frontend import hint, last_error

GCC = """\
building 'cysum' extension
gcc -Wall -fPIC -c cysum.c -o build/cysum.o
cc1: fatal error: cysum.c: No such file or directory
compilation terminated.
error: Command '['gcc', '-Wall', '-c', 'cysum.c']' returned non-zero exit status 1.

Backend subprocess exited when trying to invoke build_wheel
"""
CLANG = """\
building 'cysum' extension
clang: error: no such file or directory: 'cysum.c'
clang: error: no input files
error: command '/usr/bin/clang' failed with exit code 1
"""
MESON = "../meson.build:1:0: ERROR: Unknown compiler(s): [['cython'], ['cython3']]\n"
SETUP_PY = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'Cython'\n"
NUMPY = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'numpy'\n"


def test_a_source_that_is_not_there_is_named() -> None:
    assert last_error(GCC).splitlines()[0] == snapshot(
        "cc1: fatal error: cysum.c: No such file or directory"
    )
    assert last_error(CLANG).splitlines()[0] == snapshot(
        "clang: error: no such file or directory: 'cysum.c'"
    )


@pytest.mark.parametrize("log", [GCC, CLANG, MESON, SETUP_PY])
def test_a_build_without_cython_says_where_to_require_it(log: str) -> None:
    assert hint(log, "/kernel/cysum") == snapshot(
        "Cython was not there: add it to requires in [build-system] of pyproject.toml"
    )


def test_a_build_without_another_package_says_where_to_require_it() -> None:
    assert hint(NUMPY, "/kernel/fast") == snapshot(
        "add the package that has it to requires in [build-system] of pyproject.toml"
    )
