"""What counts as a line of code, in every language of an extension."""

from __future__ import annotations

from pathlib import Path

import pytest

from whichext.toolchains.lines import MOST_BYTES, count_lines

PYTHON = '"""What it is,\nin two lines."""\n\n# why\nX = 1  # why\n\n\ndef f():\n    """Do it."""\n'
SOURCES = {
    "one.py": (PYTHON + '    return """a\n\nb"""\n', 4),
    "one.pyx": ("# cython: boundscheck=False\ncdef int f():\n    '''Do it.'''\n    return 1\n", 2),
    "one.c": ("/* why\n   so */\n#include <x.h>\n// why\nint f(void) { /* why */\n}\n", 3),
    "one.inc": ("// why\nint f(void);\n", 1),
    "one.hpp": ("#pragma once\n\nnamespace a {}\n", 2),
    "one.rs": ("//! What it is.\n/// Do it.\n#[inline]\nfn f() {}\n", 2),
    "one.zig": ("// why\nfn f() void {}\n", 1),
    "one.f90": ("! why\nsubroutine f\nend subroutine\n", 2),
    "empty.py": ("", 0),
}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", SOURCES)
def test_blank_lines_comments_and_docstrings_are_no_code(tmp_path: Path, name: str) -> None:
    text, lines = SOURCES[name]
    assert count_lines(tmp_path, [written(tmp_path, name, text)]) == lines


def test_the_files_of_a_project_are_added_up(tmp_path: Path) -> None:
    paths = [written(tmp_path, f"src/{name}", text) for name, (text, _) in SOURCES.items()]
    assert count_lines(tmp_path, paths) == sum(lines for _, lines in SOURCES.values())


@pytest.mark.parametrize(
    "name",
    ["pyproject.toml", "meson.build", "CMakeLists.txt", "README.md", "tests/test_it.py", "x.json"],
)
def test_settings_texts_and_tests_are_not_counted(tmp_path: Path, name: str) -> None:
    assert count_lines(tmp_path, [written(tmp_path, name, "x = 1\n")]) == 0


def test_a_project_below_a_folder_of_tests_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "project"
    assert count_lines(folder, [written(folder, "one.py", "x = 1\n")]) == 1


def test_a_file_that_is_no_text_is_counted_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_bytes(b"x = 1\ny = '\xff'\n")
    assert count_lines(tmp_path, [tmp_path / "one.py"]) == 2


def test_a_large_project_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, "one.py", "x = 1\n" * (MOST_BYTES // 6 + 1))
    assert count_lines(tmp_path, [path]) is None
