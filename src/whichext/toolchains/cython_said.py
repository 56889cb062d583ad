"""Cython's directives, as far as a project's files say them.

A head of a file wins over arguments of the program and of `cythonize`. Arguments of the program are
those of recorded calls. Without such a call, a build file is all there is, and it is a program:
what it passes is known where it stands there as plain values, and else not known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from whichext.model.evidence import NOT_KNOWN
from whichext.toolchains.base import Command

_HEAD = re.compile(r"#\s*cython\s*:\s*(.*)")
_SETTING = re.compile(r"([\w.]+)\s*=\s*([\w.+-]+)")
_TOLD = re.compile(r"""(?:-X|--directive)[\s=,'"]*([\w.]+)=([\w.]+)""")
_TELLS = re.compile(r"-X(?!linker|clang|preprocessor|assembler|compiler)|--directive")
_COMMENT = re.compile(r"#[^\n]*")
_LOCAL = re.compile(r"^[^#\n]*(?:@|\bwith\s+)cython\.([\w.]+)\(\s*(\w+)\s*\)", re.MULTILINE)
_IN_PYTHON = re.compile(r"\b(compiler_directives|cython_directives|get_directive_defaults)\b")
_BUILD_FILES = ("setup.py", "meson.build", "CMakeLists.txt", "pyproject.toml", "setup.cfg")

# What changes neither results nor times: texts, warnings, and how a file is read.
_NO_CODE = re.compile(
    r"embedsignature.*|emit_code_comments|auto_pickle|doctest.*|test_.*|warn\..*|show_.*|c_string_.*"
    r"|set_initial_path|unraisable_tracebacks|formal_grammar"
)

Directives = dict[str, str]
"""Values by name."""


def head_of(text: str) -> Directives:
    """The directives in the comments at the top of a source."""
    found: Directives = {}
    for line in text.splitlines():
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            break
        if head := _HEAD.match(stripped):
            found |= dict(_SETTING.findall(head[1]))
    return found


def in_places(text: str, name: str) -> bool:
    """Whether a source sets a directive for some of its functions or blocks."""
    return any(found[1] == name for found in _LOCAL.finditer(text))


def told_in(folder: Path) -> Directives | None:
    """What a project's build files tell Cython; None where that is computed."""
    found: Directives = {}
    for name in _BUILD_FILES:
        try:
            text = _COMMENT.sub("", (folder / name).read_text("utf-8", "replace"))
        except OSError:
            continue
        said = _in_python(text) if name.endswith(".py") else {}
        plain = _TOLD.findall(text)
        if said is None or len(plain) < len(_TELLS.findall(text)):
            return None
        found |= said | dict(plain)
    return found


def told_in_calls(commands: Iterable[Command]) -> dict[str, Directives]:
    """What calls of Cython's program were given, by the name of the file that each compiled."""
    found: dict[str, Directives] = {}
    for command in commands:
        given = dict(_TOLD.findall(" ".join(command.arguments)))
        names = (Path(word).name for word in command.arguments if not word.startswith("-"))
        found |= {name: given for name in names if name.endswith((".pyx", ".py"))}
    return found


def _in_python(text: str) -> Directives | None:
    """Dictionaries of directives in a program; None where they are no plain ones."""
    named = len(set(_IN_PYTHON.findall(text)))
    if not named:
        return {}
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    found: Directives = {}
    values = list(_given(tree))
    for value in values:
        try:
            said = ast.literal_eval(value)
        except ValueError:
            return None
        if not isinstance(said, dict):
            return None
        found |= {str(name): str(setting) for name, setting in said.items()}
    return found if values else None


def _given(tree: ast.AST) -> Iterator[ast.expr]:
    """What the words stand for: an argument, or a value that is assigned."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg and _IN_PYTHON.fullmatch(node.arg):
            yield node.value
        elif isinstance(node, ast.Assign):
            names = (getattr(one, "attr", getattr(one, "id", "")) for one in node.targets)
            if any(_IN_PYTHON.fullmatch(name) for name in names):
                yield node.value


def bounds_in(files: Iterable[tuple[str, Directives | None]], default: str | None) -> str | None:
    """Whether indices are checked in sources: "checked", "unchecked", or both.

    Args:
        files: The text of each, with what Cython is given for it; None where that is not known.
        default: What counts where nothing is said; None where that is left open.

    """
    found: set[str | None] = set()
    for text, told in files:
        said = {**(told or {}), **head_of(text)}
        switch = said.get("boundscheck")
        if switch is None:
            found.add(default if told is not None else NOT_KNOWN)
        else:
            found.add("unchecked" if switch.lower() in ("false", "0") else "checked")
        if in_places(text, "boundscheck"):
            found.add("otherwise in places")
    known = sorted(value for value in found if value is not None)
    return NOT_KNOWN if NOT_KNOWN in known else "+".join(known) or None


def others_in(files: Iterable[tuple[str, Directives | None]]) -> str:
    """All other directives of sources that may change results or times, each once."""
    found = set()
    for text, told in files:
        if told is None:
            return NOT_KNOWN
        said = {**told, **head_of(text)}
        found |= {
            f"{name}={value}"
            for name, value in said.items()
            if name != "boundscheck" and not _NO_CODE.fullmatch(name)
        }
    return ", ".join(sorted(found)) or "none"
