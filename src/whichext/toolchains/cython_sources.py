"""Which lines of Cython's sources one call runs again and again: in loops, and in what loops call.

Cython's annotation says what a line calls, and neither how often it runs nor for which functions.
That is in the sources. They are read as text, since every project is built with its own Cython.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

SUFFIXES = frozenset({".pyx", ".pxd", ".pxi", ".py"})
"""Of files in which functions are."""
ANNOTATED = ".pyx"
"""Suffix of those that Cython annotates."""
_COMPILED = (ANNOTATED, ".pxi")

_NOT_CODE = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*", re.DOTALL)
_LOOP = re.compile(r"(for|while)\b")
_CLASS = re.compile(r"(?:cdef\s+(?:\w+\s+)*)?class\b")
_FUNCTION = re.compile(r"(?:async\s+)?(def|cpdef|cdef)\b[^=]*?(\w+)\s*(?:\[[^]]*\])?\(")
# Those without a value that stands for an error, so that callers have to ask for one.
_CHECKED = re.compile(r"\bvoid\s+\w+\s*\(|\bexcept\s*\*")
_UNCHECKED = re.compile(r"\bnoexcept\b|\bexcept\s*\+")
_CALL = re.compile(r"(?<![\w.])((?:\w+\.)*)(\w+)\s*(?:\[[^][]*\]\s*)?\(")
_IMPORT = re.compile(r"(?:from\s+([\w.]+)\s+)?(c?import)\s+\(?\s*(.+)")
_NAME = re.compile(r"([\w.]+|\*)(?:\s+as\s+(\w+))?")


class Repeated(NamedTuple):
    """A line that one call of some functions runs again and again."""

    function: str
    """Name of the function that it is in."""
    functions: tuple[str, ...]
    """Names of those of which one call does, sorted."""
    free: bool
    """Whether it runs without the GIL."""
    calls_own: bool
    """Whether it calls a function of the project's own as Python does."""
    calls_module: bool
    """Whether it calls what is imported, and not cimported, from elsewhere."""


def repeated_lines(texts: Mapping[str, str]) -> dict[str, dict[int, Repeated]]:
    """The lines that may call Python again and again, by file and number.

    Without those that only raise, and without those that hold no GIL, except for calls after which
    it has to be taken.

    Args:
        texts: The content of a project's sources, by their names from the project's folder.

    """
    return _Project(texts).repeated()


class _Imported(NamedTuple):
    """What a name stands for."""

    module: str
    """The module that it is from, or is."""
    name: str
    """Its name there; empty for the module itself."""
    plainly: bool
    """Whether it is imported as in Python."""


class _Statement(NamedTuple):
    """A statement in a function."""

    number: int
    """Number of its first line, from 1."""
    code: str
    """What it says, on one line, without texts and comments."""
    loops: bool
    """Whether one call of its function runs it again and again."""
    free: bool
    """Whether it runs without the GIL."""


@dataclass
class _Function:
    """A function of a project."""

    file: str
    """The file that it is in."""
    name: str
    """Its name."""
    is_method: bool
    """Whether it is in a class."""
    header: str
    """Its first statement."""
    statements: list[_Statement] = field(default_factory=list)
    """What is in it."""

    @property
    def is_pythons(self) -> bool:
        """Whether even compiled code calls it as Python does."""
        return self.header.startswith(("def ", "async "))

    @property
    def is_checked(self) -> bool:
        """Whether each call is followed by a question for errors, under the GIL."""
        return bool(_CHECKED.search(self.header)) and not _UNCHECKED.search(self.header)


class _Source:
    """A file: its functions, and what the names in it stand for."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.functions: dict[tuple[str, bool], _Function] = {}
        """By name and whether they are in a class."""
        self.imported: dict[str, list[_Imported]] = {}
        """What is imported, by the name that it has here."""
        blocks: list[_Block] = []
        for number, indentation, code in _statements(text):
            while blocks and blocks[-1].indentation >= indentation:
                blocks.pop()
            self._read(blocks, number, code)
            if code.endswith(":"):
                blocks += self._opened(blocks, indentation, code)

    def _read(self, blocks: Sequence[_Block], number: int, code: str) -> None:
        for name, imported in _imports(code):
            self.imported.setdefault(name, []).append(imported)
        starts = [place for place, block in enumerate(blocks) if block.function]
        if starts:
            inner = blocks[starts[-1] :]
            loops = not self.file.endswith(".py") and _is_in_a_loop(inner, code)
            statement = _Statement(number, code, loops=loops, free=_is_free(blocks))
            function = inner[0].function
            assert function is not None  # it is one of those at the starts
            function.statements.append(statement)

    def _opened(self, blocks: Sequence[_Block], indentation: int, code: str) -> Iterator[_Block]:
        """What a statement with a colon at its end opens: a block, and one more for the GIL."""
        found = None if _CLASS.match(code) else _FUNCTION.match(code)
        function = None
        if found:
            key = found[2], bool(blocks) and blocks[-1].kind == "class"
            function = self.functions.setdefault(key, _Function(self.file, *key, header=code))
        kind = "loop" if _LOOP.match(code) else "class" if _CLASS.match(code) else "other"
        yield _Block(indentation, kind, function)
        if gil := re.search(r"\b(with gil|nogil)\b(?!\s*=\s*False)", code):
            yield _Block(indentation, "nogil" if gil[1] == "nogil" else "gil")


class _Block(NamedTuple):
    """Statements below one that ends with a colon."""

    indentation: int
    kind: str
    """"loop", "class", "nogil", "gil" or "other"."""
    function: _Function | None = None
    """The function that it is; None for other blocks."""


def _is_in_a_loop(inner: Sequence[_Block], code: str) -> bool:
    """Whether a statement in these blocks of a function runs again and again."""
    head = _LOOP.match(code)
    on_one_line = head is not None and not code.endswith(":")
    condition = head is not None and head[1] == "while"
    return any(block.kind == "loop" for block in inner) or on_one_line or condition


def _is_free(blocks: Sequence[_Block]) -> bool:
    """Whether what is in these blocks runs without the GIL."""
    return next((one.kind for one in reversed(blocks) if "gil" in one.kind), "gil") == "nogil"


def _imports(code: str) -> Iterator[tuple[str, _Imported]]:
    """The names that a statement imports, each with what it stands for."""
    found = _IMPORT.match(code)
    if found is None:
        return
    module, how, names = found.groups()
    for name, alias in _NAME.findall(names):
        plainly = how == "import"
        if module is None:
            yield alias or name.partition(".")[0], _Imported(name, "", plainly)
        else:
            yield alias or name, _Imported(module, name, plainly)


def _statements(text: str) -> Iterator[tuple[int, int, str]]:
    """Number, indentation and code of every statement; one over several lines has its first's."""
    plain = _NOT_CODE.sub(lambda match: "_" + "\n" * match[0].count("\n"), text)
    open_brackets, start, indentation = 0, 0, 0
    parts: list[str] = []
    for number, line in enumerate(plain.splitlines(), 1):
        code = line.strip()
        if not parts:
            start, indentation = number, len(line) - len(line.lstrip())
        if code not in ("", "_"):
            parts.append(code.rstrip("_").rstrip() if code.endswith(" _") else code)
        open_brackets += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        if parts and open_brackets <= 0 and not code.endswith("\\"):
            yield start, indentation, " ".join(parts)
            parts = []


class _Called(NamedTuple):
    """What a statement calls."""

    functions: tuple[_Function, ...]
    """Functions of the project's own."""
    own: bool
    """Whether one of them is called as Python does."""
    module: bool
    """Whether it calls what is imported plainly from elsewhere."""


class _Project:
    """All sources of a project, and which functions call which."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._sources = {file: _Source(file, text) for file, text in texts.items()}
        paths = [PurePosixPath(file) for file in texts]
        self._modules = {part for path in paths for part in (*path.parent.parts, path.stem)}
        self._named: dict[str, list[_Function]] = {}
        self._aliases: dict[str, set[str]] = {}
        for source in self._sources.values():
            for function in source.functions.values():
                self._named.setdefault(function.name, []).append(function)
            for name, meanings in source.imported.items():
                for one in filter(self._is_own, meanings):
                    self._aliases.setdefault(one.name, set()).add(name)
        self._known: dict[tuple[str, str], _Called] = {}

    def repeated(self) -> dict[str, dict[int, Repeated]]:
        """The lines that may call Python again and again, by file and number."""
        found: dict[str, dict[int, Repeated]] = {}
        for functions in self._named.values():
            for start in functions:
                names = {start.name} | self._aliases.get(start.name, set())
                for function, statement in self._run_by(start):
                    lines = found.setdefault(function.file, {})
                    before = lines.get(statement.number)
                    called = self._called(function.file, statement.code)
                    lines[statement.number] = Repeated(
                        function=function.name,
                        functions=tuple(sorted(names.union(before.functions if before else ()))),
                        free=statement.free,
                        calls_own=called.own,
                        calls_module=called.module,
                    )
        return found

    def _run_by(self, start: _Function) -> Iterator[tuple[_Function, _Statement]]:
        """Statements worth a look that one call of a function runs again and again."""
        waiting, seen = [(start, False)], {(id(start), False)}
        while waiting:
            function, again = waiting.pop()
            for statement in function.statements:
                repeated = again or statement.loops
                called = self._called(function.file, statement.code)
                if repeated and _is_worth_a_look(function, statement, called):
                    yield function, statement
                for callee in called.functions:
                    if (id(callee), repeated) not in seen:
                        seen.add((id(callee), repeated))
                        waiting.append((callee, repeated))

    def _called(self, file: str, code: str) -> _Called:
        """What a statement of a file calls."""
        if (file, code) not in self._known:
            self._known[file, code] = self._find_called(self._sources[file], code)
        return self._known[file, code]

    def _find_called(self, source: _Source, code: str) -> _Called:
        if code.endswith(":") and _FUNCTION.match(code):  # one within the other
            return _Called((), own=False, module=False)
        functions: list[_Function] = []
        own = module = False
        for prefix, name in _CALL.findall(code):
            meanings = source.imported.get(prefix.partition(".")[0] or name, [])
            ours = self._functions(source, prefix, name)
            plainly = any(one.plainly for one in meanings)
            own = own or any(one.is_pythons or plainly for one in ours)
            module = module or (plainly and not any(map(self._is_own, meanings)))
            functions += ours
        return _Called(tuple(functions), own=own, module=module)

    def _functions(self, source: _Source, prefix: str, name: str) -> list[_Function]:
        """Functions of the project that a call may mean; of methods, all of that name."""
        here = source.functions.get((name, False))
        if here is not None and not prefix:
            return [here]
        meanings = source.imported.get(prefix.partition(".")[0] or name)
        if meanings is not None:
            names = {name if prefix else one.name for one in meanings if self._is_own(one)}
            return [one for original in names for one in self._anywhere(original, method=False)]
        found = self._anywhere(name, method=bool(prefix))
        return found if prefix else [one for one in found if _shares_names(source, one.file)]

    def _anywhere(self, name: str, *, method: bool) -> list[_Function]:
        return [one for one in self._named.get(name, ()) if one.is_method is method]

    def _is_own(self, imported: _Imported) -> bool:
        """Whether a name is from one of the project's own modules."""
        top = imported.module.partition(".")[0]
        return not top or top in self._modules


def _shares_names(source: _Source, file: str) -> bool:
    """Whether functions of a file may be called by their names without an import."""
    one, other = PurePosixPath(source.file), PurePosixPath(file)
    one_module = other.parent == one.parent and other.stem == one.stem
    return one_module or ".pxi" in (one.suffix, other.suffix) or "*" in source.imported


def _is_worth_a_look(function: _Function, statement: _Statement, called: _Called) -> bool:
    """Whether a statement of a compiled file may call Python whenever it runs."""
    if not function.file.endswith(_COMPILED) or re.search(r"\braise\b", statement.code):
        return False
    return not statement.free or any(one.is_checked for one in called.functions)
