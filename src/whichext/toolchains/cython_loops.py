"""Which lines of Cython's sources one call runs again and again: in loops, and in what loops call.

Cython's annotation says what a line calls, and neither how often it runs nor for which functions.
That is in the sources, and so is whether two functions differ in anything else than in Python.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple

from whichext.toolchains.cython_arrays import enclosed, with_numbers
from whichext.toolchains.cython_sources import (
    ANNOTATED,
    Block,
    Function,
    Imported,
    Source,
    Statement,
)

_COMPILED = (ANNOTATED, ".pxi")
_MAKERS = ("__cinit__", "__init__")

_CALL = re.compile(r"(?<![\w.])((?:\w+\.)*)(\w+)\s*(?:\[[^][]*\]\s*)?\(")
_WITHIN = re.compile(r"(?:async\s+)?(?:def|cpdef|cdef)\b.*:$")  # of one function within the other
_HANDED_ON = re.compile(r"[(,]\s*(\w+)\s*(?=[,)])")

# Of code that is compared
_DECLARATION = re.compile(r"cdef\b(?!.*=)|(?:from|c?import|global|with\s+(?:no)?gil)\b")
_DECLARED = re.compile(r"cdef\b.*?(?=\w+\s*=)")
_CAST = re.compile(r"<[\w\s.]+\**>")
_WHOLE = re.compile(r"\b(\d+)\.0*(?!\d)")
_SAME = {
    "absolute": "abs",
    "fabs": "abs",
    "fmax": "max",
    "maximum": "max",
    "fmin": "min",
    "minimum": "min",
    "power": "pow",
}
"""Names of a function elsewhere, and the one for all of them."""


@dataclass
class Repeated:
    """A line that one call of some functions runs again and again."""

    function: str
    """Name of the function that it is in."""
    inner: set[str] = field(default_factory=set)
    """Names of those of which one call does, with no loop that runs more often inside of that."""
    outer: set[str] = field(default_factory=set)
    """Names of those of which one call does, in a loop with other loops inside, or beside nested
    ones in a loop that is not nested."""
    enclosed: set[str] = field(default_factory=set)
    """Of the head of a loop: names of those of which one call comes to that loop again and again.
    The two before are then of the loop itself."""
    free: bool = False
    """Whether it runs without the GIL."""
    calls_own: bool = False
    """Whether it calls a function of the project's own as Python does."""
    imports_own: bool = False
    """Whether that function could be cimported, and is imported."""
    calls_module: bool = False
    """Whether it calls what is imported, and not cimported, from elsewhere."""
    handed: tuple[str, ...] = ()
    """The arguments of these calls; elements of typed arrays have become the number 0 in them."""
    is_head: bool = False
    """Whether it is the head of a loop over the items of something."""
    comprehends: bool = False
    """Whether it has a comprehension or a generator."""
    once_a_call: bool = False
    """Whether it runs once in each call of a function that compiled code calls as Python does."""


class _Called(NamedTuple):
    """What a statement calls, or hands on to be called."""

    functions: tuple[Function, ...]
    """Functions of the project's own."""
    own: bool
    """Whether one of them is called as Python does."""
    imported: bool
    """Whether one of them is so only since it is imported."""
    module: bool
    """Whether it calls what is imported plainly from elsewhere."""
    handed: tuple[str, ...] = ()
    """The arguments of such calls."""


_NOTHING = _Called((), own=False, imported=False, module=False)


class Project:
    """All sources of a project, and which functions call which.

    Args:
        texts: The content of its sources, by their names from the project's folder.

    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._sources = {file: Source(file, text) for file, text in texts.items()}
        paths = [PurePosixPath(file) for file in texts]
        self._modules = {part for path in paths for part in (*path.parent.parts, path.stem)}
        self._named: dict[str, list[Function]] = {}
        self._aliases: dict[str, set[str]] = {}
        for source in self._sources.values():
            for function in source.functions.values():
                self._named.setdefault(function.name, []).append(function)
            for name, meanings in source.imported.items():
                for one in filter(self._is_own, meanings):
                    self._aliases.setdefault(one.name, set()).add(name)
        self._known: dict[tuple[str, str, str], _Called] = {}
        self._deep = {block for one in self._functions() for block in self._deep_in(one)}

    def repeated(self) -> dict[str, dict[int, Repeated]]:
        """The lines that may call Python again and again, by file and number.

        Without those that only run where an error is raised, and without those that hold no GIL,
        except for calls after which it has to be taken.
        """
        found: dict[str, dict[int, Repeated]] = {}
        for start in self._functions():
            names = self._names(start)
            steps = list(self._run_by(start))
            nested = any(depth > 1 for *_, depth in steps)
            for function, statement, level, depth in steps:
                called = self._called(function, statement.usual)
                looks = level or statement.opens
                if looks and _is_worth_a_look(function, statement, called):
                    lines = found.setdefault(function.file, {})
                    last = statement.last if statement.comprehends else statement.number
                    for number in range(statement.number, last + 1):
                        line = lines.setdefault(number, _line(function, statement, called))
                        beside = nested and depth + bool(statement.opens) == 1
                        self._add(line, names, statement, level, beside=beside)
        return found

    def _add(
        self, line: Repeated, names: set[str], statement: Statement, level: str, *, beside: bool
    ) -> None:
        """Add functions of which one call runs a line at that level, maybe beside nested loops."""
        if statement.opens is not None:
            line.enclosed |= names if level else set()
            level = self._level_of(statement.opens)
        (line.inner if level == "inner" and not beside else line.outer).update(names)

    def codes(self) -> dict[str, str]:
        """A digest of what one call of a function or a method runs, by name.

        Of functions that Python can call, and whose names mean no other one.

        Two with one digest differ in nothing that is seen, except for types, imports, casts, and
        where a function that they call is from.
        """
        found: dict[str, str] = {}
        alike = Counter(one.qualified for one in self._functions())
        for function in self._functions():
            if alike[function.qualified] == 1 and not function.header.startswith("cdef"):
                both = (*self._makers(function), function)
                text = "\n".join(line for one in both for line in self._plain_code(one, set()))
                digest = hashlib.sha256(text.encode()).hexdigest()[:24]
                found |= dict.fromkeys(self._names(function), digest)
        return found

    def _makers(self, function: Function) -> list[Function]:
        """What makes the objects whose method it is."""
        named = (one for name in _MAKERS for one in self._named.get(name, ()))
        return [one for one in named if (one.file, one.owner) == (function.file, function.owner)]

    def _names(self, function: Function) -> set[str]:
        """All names of a function; of a method, each after a name of its class."""
        own = function.owner or function.name
        names = {own} | self._aliases.get(own, set())
        return {f"{one}.{function.name}" for one in names} if function.owner else names

    def _functions(self) -> Iterator[Function]:
        return (one for functions in self._named.values() for one in functions)

    def _run_by(self, start: Function) -> Iterator[tuple[Function, Statement, str, int]]:
        """Statements that one call of a function comes to, the level of each, and its depth.

        The depth is in how many loops it is; two stands for more as well.
        """
        waiting, seen = [(start, "", 0)], {(start, "", 0)}
        while waiting:
            function, context, around = waiting.pop()
            for statement in function.statements:
                if statement.fails:
                    continue
                level = self._level(statement, context)
                depth = min(around + len(statement.loops), 2)
                yield function, statement, level, depth
                for callee in self._called(function, statement.code).functions:
                    if (callee, level, depth) not in seen:
                        seen.add((callee, level, depth))
                        waiting.append((callee, level, depth))

    def _level(self, statement: Statement, context: str) -> str:
        """In which loop a statement is: "inner", "outer" (with others inside) or in none ("")."""
        loops = statement.loops
        return self._level_of(loops[-1]) if loops else context

    def _level_of(self, loop: Block) -> str:
        return "outer" if loop in self._deep else "inner"

    def _deep_in(self, function: Function) -> Iterator[Block]:
        """The loops of a function that have other loops inside, its own or those of a callee."""
        for statement in function.statements:
            if statement.fails:
                continue
            loops = statement.loops
            called = self._called(function, statement.code).functions
            yield from loops if any(self._loops(one, set()) for one in called) else loops[:-1]

    def _loops(self, function: Function, seen: set[Function]) -> bool:
        """Whether one call of a function loops."""
        if function in seen:
            return False
        seen.add(function)
        return any(
            statement.loops
            or any(
                self._loops(one, seen) for one in self._called(function, statement.code).functions
            )
            for statement in function.statements
            if not statement.fails
        )

    def _plain_code(self, function: Function, seen: set[Function]) -> Iterator[str]:
        """What a function and those that it calls say, without what may keep Python out."""
        seen.add(function)
        for statement in function.statements:
            if _DECLARATION.match(statement.code):
                continue
            depth = sum("gil" not in block.kind for block in statement.blocks)
            code = _CALL.sub(
                lambda call: f"{_SAME.get(call[2], call[2])}(",
                _WHOLE.sub(r"\1", _CAST.sub("", _DECLARED.sub("", statement.code))),
            )
            yield f"{depth} {code}"
            for callee in self._called(function, statement.code).functions:
                if callee not in seen:
                    yield from self._plain_code(callee, seen)

    def _called(self, function: Function, code: str) -> _Called:
        """What a statement of a function calls."""
        key = function.file, function.owner, code
        if key not in self._known:
            self._known[key] = self._find_called(self._sources[function.file], *key[1:])
        return self._known[key]

    def _find_called(self, source: Source, owner: str, code: str) -> _Called:
        if _WITHIN.match(code):
            return _NOTHING
        calls = list(_CALL.finditer(code))
        found = [self._find_one(source, owner, *call.groups()) for call in calls]
        handed_on = (self._meant(source, owner, "", name) for name in _HANDED_ON.findall(code))
        functions = [one for called in found for one in called.functions]
        return _Called(
            tuple(dict.fromkeys((*functions, *chain.from_iterable(handed_on)))),
            own=any(called.own for called in found),
            imported=any(called.imported for called in found),
            module=any(called.module for called in found),
            handed=tuple(
                argument
                for call, called in zip(calls, found, strict=True)
                if called.module
                for argument in enclosed(code, call.end())[0]
            ),
        )

    def _find_one(self, source: Source, owner: str, prefix: str, name: str) -> _Called:
        """What one call of a statement calls."""
        meanings = source.imported.get(prefix.partition(".")[0] or name, [])
        functions = self._meant(source, owner, prefix, name)
        plainly = any(one.plainly for one in meanings)
        return _Called(
            tuple(functions),
            own=any(one.is_pythons or plainly for one in functions),
            imported=plainly and any(not one.is_pythons for one in functions),
            module=plainly and not any(map(self._is_own, meanings)),
        )

    def _meant(self, source: Source, owner: str, prefix: str, name: str) -> list[Function]:
        """Functions of the project that a call may mean; of other objects' methods, all so named.

        A call of self means the method of its own class, where that has one.
        """
        here = source.functions.get((name, owner if prefix == "self." else ""))
        if here is not None and prefix in ("", "self."):
            return [here]
        meanings = source.imported.get(prefix.partition(".")[0] or name)
        if meanings is not None:
            names = {name if prefix else one.name for one in meanings if self._is_own(one)}
            return [one for original in names for one in self._anywhere(original, method=False)]
        found = self._anywhere(name, method=bool(prefix))
        return found if prefix else [one for one in found if _shares_names(source, one.file)]

    def _anywhere(self, name: str, *, method: bool) -> list[Function]:
        return [one for one in self._named.get(name, ()) if one.is_method is method]

    def _is_own(self, imported: Imported) -> bool:
        """Whether a name is from one of the project's own modules."""
        top = imported.module.partition(".")[0]
        return not top or top in self._modules


def _line(function: Function, statement: Statement, called: _Called) -> Repeated:
    known = function.arrays if called.handed else {}
    return Repeated(
        function.qualified,
        free=statement.free,
        calls_own=called.own,
        imports_own=called.imported,
        calls_module=called.module,
        handed=tuple(with_numbers(one, known) for one in called.handed),
        is_head=statement.opens is not None,
        comprehends=statement.comprehends,
        once_a_call=function.is_pythons and not statement.loops,
    )


def _shares_names(source: Source, file: str) -> bool:
    """Whether functions of a file may be called by their names without an import."""
    one, other = PurePosixPath(source.file), PurePosixPath(file)
    one_module = other.parent == one.parent and other.stem == one.stem
    return one_module or ".pxi" in (one.suffix, other.suffix) or "*" in source.imported


def _is_worth_a_look(function: Function, statement: Statement, called: _Called) -> bool:
    """Whether a statement of a compiled file may call Python whenever it runs."""
    if not function.file.endswith(_COMPILED):
        return False
    if statement.usual != statement.code and not (called.own or called.module):
        return False
    return not statement.free or any(one.is_checked for one in called.functions)
