"""Reads Cython's sources as text: functions, their statements, and the loops that these are in.

As text, since every project is built with its own Cython.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from whichext.toolchains.cython_arrays import dimensions

SUFFIXES = frozenset({".pyx", ".pxd", ".pxi", ".py"})
"""Of files in which functions are."""
ANNOTATED = ".pyx"
"""Suffix of those that Cython annotates."""

_FEW = 4
"""A loop of so few iterations, as over the axes of an array, is no loop that counts."""
_NOT_CODE = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*", re.DOTALL)
_LOOP = re.compile(r"(for|while)\b")
_COMPREHENSION = re.compile(r"(?<!^)\bfor\s+[\w\s,()*]+?\s+in\b([^:]*)")
_OVER_RANGE = re.compile(r"for\b.*?\bin\s+(?:\w+\.)*p?range\s*\(|for\s+\w+\s+from\b")
_OVER_FEW = re.compile(
    r"\s*(?:range\(\s*(?:(\d+)|[\w.]+\.ndim)\s*\)|\(([^()]*)\)|\[([^][]*)\])\s*(?:[])}:].*)?$"
)
_CLASS = re.compile(r"(?:cdef\s+(?:\w+\s+)*)?class\s+(?:\w+\.)*(\w+)")
_HANDLER = re.compile(r"except\b")
_BRANCH = re.compile(r"(?:if|elif|else)\b")
_LEAVES = re.compile(r"(return|raise|break)\b")
_LEAVES_IF = re.compile(r"((?:if|elif)\b.*):\s*(return|raise)\b")
_ASSERT = re.compile(r"(assert\b[^,]*)")
_FUNCTION = re.compile(r"(?:async\s+)?(def|cpdef|cdef)\b[^=]*?(\w+)\s*(?:\[[^]]*\])?\(")
# Those without a value that stands for an error, so that callers have to ask for one.
_CHECKED = re.compile(r"\bvoid\s+\w+\s*\(|\bexcept\s*\*")
_UNCHECKED = re.compile(r"\bnoexcept\b|\bexcept\s*\+")
_IMPORT = re.compile(r"(?:from\s+([\w.]+)\s+)?(c?import)\s+\(?\s*(.+)")
_NAME = re.compile(r"([\w.]+|\*)(?:\s+as\s+(\w+))?")


class Imported(NamedTuple):
    """What a name stands for."""

    module: str
    """The module that it is from, or is."""
    name: str
    """Its name there; empty for the module itself."""
    plainly: bool
    """Whether it is imported as in Python."""


@dataclass(eq=False)
class Block:
    """Statements below one that ends with a colon, or a loop on one line."""

    indentation: int
    kind: str
    """"loop", "branch", "handler", "class", "nogil", "gil" or "other"."""
    function: Function | None = None
    """The function that it is; None for other blocks."""
    name: str = ""
    """The name of the class that it is; empty for other blocks."""
    ends: str = ""
    """How the last statement in it leaves: "return", "raise", "break" or not at all."""
    continues: bool = False
    """Whether something in it continues the loop that it is in."""

    @property
    def leaves(self) -> str:
        """How a branch leaves what it is in, in all cases; empty where it does not."""
        return self.ends if self.kind == "branch" and not self.continues else ""


class Statement(NamedTuple):
    """A statement in a function."""

    number: int
    """Number of its first line, from 1."""
    last: int
    """Number of its last one."""
    code: str
    """What it says, on one line, without texts and comments."""
    blocks: tuple[Block, ...]
    """Those of its function that it is in, the outermost first."""
    free: bool
    """Whether it runs without the GIL."""
    own: Block | None = None
    """The loop that it is by itself: one on one line, a comprehension or a generator."""
    opens: Block | None = None
    """The loop over the items of something whose head it is."""

    @property
    def comprehends(self) -> bool:
        """Whether it has a comprehension or a generator."""
        return bool(self.own) and not _LOOP.match(self.code)

    @property
    def usual(self) -> str:
        """What runs each time that the statement is come to, and not once or on an error."""
        leaves = _LEAVES_IF.match(self.code)
        if leaves and (leaves[2] == "raise" or self.loops):
            return leaves[1]
        asserts = _ASSERT.match(self.code)
        return asserts[1] if asserts else self.code

    @property
    def fails(self) -> bool:
        """Whether it only runs where an error is raised, or was."""
        return bool(self.code.startswith("raise") or _HANDLER.match(self.code)) or any(
            one.leaves == "raise" or one.kind == "handler" for one in self.blocks
        )

    @property
    def loops(self) -> tuple[Block, ...]:
        """The loops that run it again and again, the outermost first.

        What leaves a function runs once whatever the loops are, and what breaks off a loop as often
        as the loop itself.
        """
        found: list[Block] = []
        for block in self.blocks:
            if block.kind == "loop":
                found.append(block)
            elif block.leaves == "return":
                found.clear()
            elif block.leaves == "break":
                del found[-1:]
        if self.code.startswith("return"):
            found.clear()
        return (*found, self.own) if self.own else tuple(found)


@dataclass(eq=False)
class Function:
    """A function of a project."""

    file: str
    """The file that it is in."""
    name: str
    """Its name."""
    owner: str
    """Name of the class that it is in; empty for none."""
    header: str
    """Its first statement."""
    statements: list[Statement] = field(default_factory=list)
    """What is in it."""

    @property
    def is_method(self) -> bool:
        """Whether it is in a class."""
        return bool(self.owner)

    @property
    def qualified(self) -> str:
        """Its name, after that of its class if it is in one."""
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def is_pythons(self) -> bool:
        """Whether even compiled code calls it as Python does."""
        return self.header.startswith(("def ", "async "))

    @property
    def arrays(self) -> dict[str, int]:
        """The number of dimensions of each typed array that it declares, by name."""
        codes = (self.header, *(statement.code for statement in self.statements))
        return dict(one for code in codes for one in dimensions(code))

    @property
    def is_checked(self) -> bool:
        """Whether each call is followed by a question for errors, under the GIL."""
        return bool(_CHECKED.search(self.header)) and not _UNCHECKED.search(self.header)


class Source:
    """A file: its functions, and what the names in it stand for."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.functions: dict[tuple[str, str], Function] = {}
        """By name and the class that they are in, which is empty for none."""
        self.imported: dict[str, list[Imported]] = {}
        """What is imported, by the name that it has here."""
        blocks: list[Block] = []
        for number, last, indentation, code in _statements(text):
            while blocks and blocks[-1].indentation >= indentation:
                blocks.pop()
            opened = list(self._opened(blocks, indentation, code)) if code.endswith(":") else []
            self._read(blocks, opened, (number, last), code)
            blocks += opened

    def _read(
        self, blocks: list[Block], opened: Sequence[Block], lines: tuple[int, int], code: str
    ) -> None:
        for name, imported in _imports(code):
            self.imported.setdefault(name, []).append(imported)
        if blocks:
            leaves = _LEAVES.match(code)
            blocks[-1].ends = leaves[1] if leaves else ""
        if re.search(r"\bcontinue$", code):
            for block in blocks:
                block.continues = True
        starts = [place for place, block in enumerate(blocks) if block.function]
        if starts:
            inner = blocks[starts[-1] :]
            function = inner[0].function
            assert function is not None  # it is one of those at the starts
            function.statements.append(
                self._statement(inner, opened, lines, code, _is_free(blocks))
            )

    def _statement(
        self,
        inner: Sequence[Block],
        opened: Sequence[Block],
        lines: tuple[int, int],
        code: str,
        free: bool,
    ) -> Statement:
        loop = opened[0] if opened and opened[0].kind == "loop" else None
        if loop is not None and code.startswith("while"):  # its condition is asked every time
            return Statement(*lines, code, (*inner, loop), free)
        if _OVER_RANGE.match(code):
            loop = None  # it takes its items from nothing
        one_line = _LOOP.match(code) and not opened
        loops = one_line or any(not _is_short(one[1]) for one in _COMPREHENSION.finditer(code))
        own = Block(0, "loop") if loops and not self.is_pythons else None
        return Statement(*lines, code, tuple(inner), free, own, loop)

    @property
    def is_pythons(self) -> bool:
        """Whether it is not compiled, so that its loops are Python's own."""
        return self.file.endswith(".py")

    def _opened(self, blocks: Sequence[Block], indentation: int, code: str) -> Iterator[Block]:
        """What a statement with a colon at its end opens: a block, and one more for the GIL."""
        found = None if _CLASS.match(code) else _FUNCTION.match(code)
        function = None
        if found:
            key = found[2], blocks[-1].name if blocks and blocks[-1].kind == "class" else ""
            function = self.functions.setdefault(key, Function(self.file, *key, header=code))
        of_class = _CLASS.match(code)
        yield Block(indentation, self._kind(code), function, of_class[1] if of_class else "")
        if gil := re.search(r"\b(with gil|nogil)\b(?!\s*=\s*False)", code):
            yield Block(indentation, "nogil" if gil[1] == "nogil" else "gil")

    def _kind(self, code: str) -> str:
        if _LOOP.match(code):
            return "other" if self.is_pythons or _is_short(code.partition(" in ")[2]) else "loop"
        if _CLASS.match(code):
            return "class"
        if _HANDLER.match(code):
            return "handler"
        return "branch" if _BRANCH.match(code) else "other"


def _is_short(iterated: str) -> bool:
    """Whether what a loop goes over has few items, as its source says."""
    found = _OVER_FEW.match(iterated)
    if found is None:
        return False
    items = found[2] or found[3] or ""
    return (int(found[1]) if found[1] else items.rstrip(", ").count(",") + 1) <= _FEW


def _is_free(blocks: Sequence[Block]) -> bool:
    """Whether what is in these blocks runs without the GIL."""
    return next((one.kind for one in reversed(blocks) if "gil" in one.kind), "gil") == "nogil"


def _imports(code: str) -> Iterator[tuple[str, Imported]]:
    """The names that a statement imports, each with what it stands for."""
    found = _IMPORT.match(code)
    if found is None:
        return
    module, how, names = found.groups()
    for name, alias in _NAME.findall(names):
        plainly = how == "import"
        if module is None:
            yield alias or name.partition(".")[0], Imported(name, "", plainly)
        else:
            yield alias or name, Imported(module, name, plainly)


def _statements(text: str) -> Iterator[tuple[int, int, int, str]]:
    """First and last line, indentation and code of every statement."""
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
            yield start, number, indentation, " ".join(parts)
            parts = []
