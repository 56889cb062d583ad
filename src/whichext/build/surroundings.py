"""What a build reads outside of its project's folder, as texts of the project say.

What a toolchain has rules for, such as a workspace, the toolchain itself finds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_MOST_BYTES = 400_000  # of a file whose text is looked through
# Pages and data, whose paths and words are for readers.
_NO_BUILD = frozenset(
    {".csv", ".html", ".ipynb", ".json", ".lock", ".md", ".rst", ".svg", ".yaml", ".yml"}
)
_ABOVE = re.compile(r"(?:[\w@+.-]+/)*\.\.(?:/[\w@+.-]+)+")
# os.path.join(HERE, "..", "a"), HERE / ".." / "a"
_JOINED = re.compile(r"""["']\.\.["'](?:\s*[,/]\s*["'][\w@+.-]+["'])+""")
_WORD = re.compile(r"[\w@+.-]+")
# In any language: a directive such as #include has no blank behind its sign.
_COMMENT = re.compile(r"(?ms)(?:^|(?<=\s))(?:(?:#|//+)(?:[\s!#/][^\n]*|$)|/\*.*?\*/)")
# Versions from git: setuptools-scm, hatch-vcs, vcs_tag, versioneer, or git itself. Where sources
# are to be had from, such as git = "https://...", is another thing.
_FROM_GIT = re.compile(
    r"scm\b|vcs|versioneer|versioningit|dunamai|vergen|shadow_rs|\bpbr\b"
    r"""|(?<![\w./])\.?git\b(?![+@:]|hub|lab|\s*=\s*["'])""",
    re.IGNORECASE,
)


def named_outside(path: Path, project: Path) -> Iterator[Path]:
    """Files and folders that a file names by relative paths, as far as they are there.

    Args:
        path: A file of the project, or one that another file named.
        project: The project's folder, from which some tools see paths.

    """
    text = _text_of(path)
    if ".." not in text:
        return
    for whole in _paths_in(text):
        for word in dict.fromkeys((whole, whole[whole.index("..") :])):
            for base in dict.fromkeys((path.parent, project)):
                place = Path(os.path.normpath(base / word))
                if place.exists():
                    yield place


def asks_git(paths: Iterable[Path]) -> bool:
    """Whether some file of a build may ask git for a version."""
    return any(_FROM_GIT.search(_text_of(path)) for path in paths)


def _paths_in(text: str) -> Iterator[str]:
    """The paths with ".." in a text, written as one or joined from parts."""
    yield from (found[0] for found in _ABOVE.finditer(text))
    for found in _JOINED.finditer(text):
        yield "/".join(_WORD.findall(found[0]))


def _text_of(path: Path) -> str:
    """The text of a file that a build may read, without comments; else an empty one."""
    if path.suffix.lower() in _NO_BUILD or path.name.startswith(".git"):
        return ""
    try:
        content = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
    except OSError:
        return ""
    return "" if b"\0" in content else _COMMENT.sub("", content.decode("utf-8", "replace"))
