"""Lines of code of a project: what a maintainer takes on with it, as far as a count can say.

Pygments tells code from comments. Files in which users describe a build, such as `meson.build`, are
not counted, and neither are tests, documentation and what no language of an extension is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MOST_BYTES = 2_000_000
"""Of all files that are counted: reading more takes longer than an answer is worth."""

_LANGUAGES = frozenset(
    {"C", "C++", "CUDA", "Cython", "Fortran", "FortranFixed", "Python", "Rust", "Zig"}
)
_INCLUDED = {".inc": "x.cpp", ".inl": "x.cpp"}  # which Pygments takes for something else
_APART = frozenset({"bench", "benches", "benchmarks", "doc", "docs", "examples", "test", "tests"})


def count_lines(folder: Path, files: Iterable[Path]) -> int | None:
    """Lines of a project without blank ones, comments and docstrings; None of a large project.

    Args:
        folder: The project's folder.
        files: Its files, without what tools generate.

    """
    counted = [
        (path, lexer)
        for path in files
        if _APART.isdisjoint(path.relative_to(folder).parts[:-1])
        if (lexer := _lexer(path.suffix)) is not None
    ]
    if sum(path.stat().st_size for path, _ in counted) > MOST_BYTES:
        return None
    return sum(
        len({*_lines(path.read_text("utf-8", errors="replace"), lexer)}) for path, lexer in counted
    )


@cache
def _lexer(suffix: str) -> Lexer | None:
    """What splits the files of a language of extensions into tokens."""
    from pygments.lexers import find_lexer_class_for_filename  # only where something is built

    found = find_lexer_class_for_filename(_INCLUDED.get(suffix, f"x{suffix}"))
    return found(stripnl=False) if found is not None and found.name in _LANGUAGES else None


def _lines(text: str, lexer: Lexer) -> Iterator[int]:
    """The number of each line on which there is code, once for each token of it."""
    from pygments.token import Comment, String

    number = 0
    for kind, said in lexer.get_tokens(text):
        is_said = (kind in Comment and kind not in Comment.Preproc) or kind in String.Doc
        is_said = is_said and kind not in Comment.PreprocFile
        for step, line in enumerate(said.split("\n")):
            if line.strip() and not is_said:
                yield number + step
        number += said.count("\n")
