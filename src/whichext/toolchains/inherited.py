"""Variables of the environment that change what a build makes, and which builds they reach.

`pip install` builds with the user's own CFLAGS or RUSTFLAGS, and so does the release here. Each
variable is named, since two projects seldom read the same ones.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from whichext.model.kernel import Project
from whichext.model.outcome import Variable
from whichext.toolchains import every_toolchain
from whichext.toolchains.base import Command, Toolchain
from whichext.toolchains.needs import Program
from whichext.toolchains.profiles import compiling

_FLAGS = "FLAGS"  # the end of the name of each variable that holds flags
_BETWEEN_ENCODED = "\x1f"  # between the flags in those of cargo whose flags may hold blanks


def inherited(environment: Mapping[str, str] | None = None) -> tuple[Variable, ...]:
    """The variables that change what some toolchain makes, by name.

    Args:
        environment: By default this process's.

    """
    environment = os.environ if environment is None else environment
    found = (
        Variable(name, _utf8(environment[name]))
        for name in sorted(environment)
        if any(_changes(toolchain, name) for toolchain in every_toolchain())
    )
    return tuple(one for one in found if not _says_what_holds_anyway(one))


@contextmanager
def cleaned(wanted: bool = True) -> Iterator[None]:
    """Take these variables out of this process's environment meanwhile, if that is wanted.

    Builds, and what asks programs for their versions before, then all see the same environment.
    """
    names = [variable.name for variable in inherited()] if wanted else []
    before = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(before)


def reaching(
    variables: Iterable[Variable], project: Project, commands: tuple[Command, ...]
) -> tuple[Variable, ...]:
    """Those of the variables that had a say in a build.

    Flags are looked for in the recorded calls, and so are compilers. Of other variables, and where
    no call was seen, it is what the project's toolchains read that counts.
    """
    return tuple(one for one in variables if _reaches(one, project, commands))


def nameless(variables: Iterable[Variable]) -> tuple[Variable, ...]:
    """Those that name a compiler, and no program is there by that name."""
    named = {name for one in every_toolchain() for name in one.recorded.variables}
    return tuple(
        one for one in variables if one.name in named and not all(map(_program, _words(one)[:1]))
    )


def accused(variables: Iterable[Variable], text: str) -> tuple[Variable, ...]:
    """Those with a flag that an error repeats."""
    return tuple(
        one
        for one in variables
        if any(len(word) > len("-c") and word in text for word in _flags(one))
    )


def _reaches(variable: Variable, project: Project, commands: tuple[Command, ...]) -> bool:
    words = _words(variable)
    if commands and words and variable.name.endswith(_FLAGS):
        return any(set(words) <= set(one.arguments) for one in commands)
    readers = [one for one in compiling(project) if _changes(one, variable.name)]
    named = any(variable.name in one.recorded.variables for one in readers)
    if commands and words and named:
        programs = {Path(word).name for word in words}
        return any(Path(one.program).name in programs for one in commands)
    return bool(readers)


def _words(variable: Variable) -> list[str]:
    if _BETWEEN_ENCODED in variable.value:
        return variable.value.split(_BETWEEN_ENCODED)
    try:
        return shlex.split(variable.value)
    except ValueError:  # an open quotation mark
        return variable.value.split()


def _flags(variable: Variable) -> list[str]:
    return [word for word in _words(variable) if variable.name.endswith(_FLAGS)]


def _says_what_holds_anyway(variable: Variable) -> bool:
    """Whether it names the compiler that is taken without it, or only a cache of compilers."""
    launchers = {name for one in every_toolchain() for name in one.recorded.launchers}
    words = [word for word in _words(variable) if Path(word).name not in launchers]
    for one in every_toolchain():
        if variable.name in one.recorded.wrapped:
            return not words
        if variable.name in one.recorded.variables:
            programs = [need for need in one.needs if isinstance(need, Program)]
            names = [
                n for need in programs if need.variable == variable.name for n in need.programs
            ]
            usual = next(filter(None, map(_program, names)), None)
            return not words or (len(words) == 1 and _program(words[0]) == usual)
    return False


def _program(name: str) -> str:
    """The file of a program, past all links; empty where there is none."""
    found = shutil.which(name)
    return "" if found is None else str(Path(found).resolve())


def _changes(toolchain: Toolchain, name: str) -> bool:
    """Whether a variable changes what a toolchain makes, and not only where or how fast."""
    if name in toolchain.places or any(fnmatchcase(name, one) for one in toolchain.manners):
        return False
    return name in toolchain.variables or name.startswith(toolchain.variable_prefixes)


def _utf8(value: str) -> str:
    """A value as a result file can hold it: bytes that are no text become signs for them."""
    return value.encode(errors="surrogateescape").decode(errors="backslashreplace")
