"""What the key of a build consists of, and how two keys differ."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class PartKind(StrEnum):
    """What a part of a key is about."""

    FORMAT = "format"
    """What is kept with a build."""
    PYTHON = "Python"
    """The Python that it is for."""
    TOOL = "version"
    """A compiler, or what installs packages, by its version."""
    PROGRAM = "program"
    """A program on PATH, by its content."""
    VARIABLE = "variable"
    """A variable of the environment."""
    TOLD = "told"
    """What compilers are given besides."""
    GIVEN = "given"
    """The place of the project among its files, a version from git, or an option of building."""
    OUTSIDE = "outside"
    """A file or folder outside of the project."""
    CONTENT = "content"
    """A file of the project."""
    PROCESSOR = "processor"
    """This processor, where something asks for code for it alone."""


class KeyPart(Struct, frozen=True, array_like=True):
    """One part of a key."""

    kind: PartKind
    """What it is about."""
    name: str
    """A variable, a path in the project, a path outside, a program."""
    digest: str
    """Hash of what it says: a value is never kept, since it may be a secret."""


class How(StrEnum):
    """How a part differs from that of an earlier build."""

    ADDED = "added"
    """It was not there then."""
    REMOVED = "removed"
    """It was there then."""
    CHANGED = "changed"
    """It was another then."""


class KeyChange(Struct, frozen=True, omit_defaults=True):
    """One part in which a key differs from an earlier one."""

    kind: PartKind
    """What it is about."""
    name: str
    """A variable, a path in the project, a path outside, a program."""
    how: How
    """How it differs."""
    value: str = ""
    """The value of a variable now, where it is short and looks like no secret."""


def key_changes(before: tuple[KeyPart, ...], now: tuple[KeyPart, ...]) -> tuple[KeyChange, ...]:
    """The parts in which a key differs from an earlier one.

    A file outside that says the same in another place is the same.
    """
    was = {(part.kind, part.name): part.digest for part in before}
    is_ = {(part.kind, part.name): part.digest for part in now}
    outside = {part.digest for part in before if part.kind is PartKind.OUTSIDE}
    outside &= {part.digest for part in now if part.kind is PartKind.OUTSIDE}
    found = []
    for kind, name in dict.fromkeys((*is_, *was)):
        one, other = was.get((kind, name)), is_.get((kind, name))
        moved = kind is PartKind.OUTSIDE and {one, other} - {None} <= outside
        if one != other and not moved:
            how = How.ADDED if one is None else How.REMOVED if other is None else How.CHANGED
            found.append(KeyChange(kind, name, how))
    return tuple(found)
