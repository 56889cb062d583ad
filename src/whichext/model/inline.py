"""Marks inside a text: names, emphasis, and words that Python and a shell say differently.

A text stays an ordinary `str`, so that it can be joined and formatted; its meaning is between
two characters of Unicode's private use area, which a renderer replaces. Everything outside of marks
is plain and is escaped by the renderer, so that no text of a stranger becomes markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(.)|{_CLOSE}", re.DOTALL)
_ARGUMENT, _CALL = "a", "k"
_COMMANDS_ALONE = ("list", "show")
_TOOLS = (
    *("bundle", "reproduce", "diff", "history", "fleet"),
    *("doctor", "memo", "new", "run_on", "schema", "selfcheck"),
)
_WORDED = re.compile(f"{_OPEN}([{_ARGUMENT}{_CALL}])([^{_OPEN}{_CLOSE}]*){_CLOSE}")


class Style(StrEnum):
    """How a piece of text is meant; the value is the letter of its mark."""

    CODE = "c"
    """A name, a flag or an expression: as it is typed."""
    STRONG = "s"
    """What a reader must not overlook."""
    DIM = "d"
    """What a reader may skip."""
    GOOD = "g"
    """A word that says that something is as hoped."""
    BAD = "b"
    """A word that says that something is wrong or slower."""
    DOUBTFUL = "q"
    """A word that says that something is not known."""


_STYLES: Mapping[str, Style] = {style.value: style for style in Style}
_CONTROLS = {
    number: "\N{REPLACEMENT CHARACTER}"
    for characters in (range(32), range(0x7F, 0xA0), range(0x202A, 0x202F), range(0x2066, 0x206A))
    for number in characters
    if chr(number) not in "\t\n"
}
"""Characters that would drive a terminal or turn the order of a text around."""


@dataclass(frozen=True)
class Span:
    """A piece of text with one meaning."""

    text: str
    """What it says."""
    styles: frozenset[Style]
    """What it means; several where marks are nested."""


class Wording(Protocol):
    """How arguments and calls are said: as words of a shell, or as Python."""

    def argument(self, name: str, value: Any) -> str:
        """An argument with its value, or its name alone where that is None."""

    def call(self, verb: str, values: tuple[Any, ...], named: Mapping[str, Any]) -> str:
        """A call of one of the program's verbs."""


class PythonWording:
    """Arguments and calls as Python has them: `entries="rustpy.*"`, `whichext.run("total")`."""

    def argument(self, name: str, value: Any) -> str:
        """An argument with its value, or its name alone where that is None."""
        text = repr(value) if isinstance(value, bool) else json.dumps(value)
        return name if value is None else f"{name}={text}"

    def call(self, verb: str, values: tuple[Any, ...], named: Mapping[str, Any]) -> str:
        """A call of one of the program's verbs."""
        if verb in _COMMANDS_ALONE:
            return " ".join(("the command whichext", verb, *map(str, values)))
        positional = [json.dumps(value) for value in values]
        keywords = [f"{name}={json.dumps(value)}" for name, value in named.items()]
        module = "whichext.tools" if verb in _TOOLS else "whichext"
        return f"{module}.{verb}({', '.join((*positional, *keywords))})"


PYTHON = PythonWording()


def mark(style: Style, text: object) -> str:
    """The text with a meaning."""
    return f"{_OPEN}{style.value}{text}{_CLOSE}"


def code(text: object) -> str:
    """A name or a foreign text that is quoted as it is, on one line."""
    return mark(Style.CODE, " ".join(foreign(str(text)).split()))


def strong(text: object) -> str:
    """What a reader must not overlook."""
    return mark(Style.STRONG, text)


def foreign(text: str) -> str:
    """A stranger's text, without characters that would look like a mark."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def legible(text: str) -> str:
    """The text, with a sign for each character that would drive a terminal or turn its order."""
    return text.translate(_CONTROLS)


def argument(name: str, value: Any = None) -> str:
    """An argument of a verb, by its name in Python, worded for the shell or for Python.

    Args:
        name: For example "entries".
        value: What to give; None to speak of the argument itself.

    """
    return f"{_OPEN}{_ARGUMENT}{_packed([name, value])}{_CLOSE}"


def call(verb: str, *values: Any, **named: Any) -> str:
    """A call of a verb such as `run`, worded for the shell or for Python."""
    return f"{_OPEN}{_CALL}{_packed([verb, values, named])}{_CLOSE}"


def worded(text: str, wording: Wording = PYTHON) -> str:
    """The text with its arguments and calls said in one way; all other marks stay."""
    return _WORDED.sub(lambda found: _said(found, wording), text)


def _said(found: re.Match[str], wording: Wording) -> str:
    kind, content = found[1], json.loads(found[2])
    if kind == _ARGUMENT:
        return wording.argument(*content)
    verb, values, named = content
    return wording.call(verb, tuple(values), named)


def spans(text: str, wording: Wording = PYTHON) -> Iterator[Span]:
    """The pieces of a text, each with all that it means; arguments and calls are code."""
    said = _WORDED.sub(lambda found: mark(Style.CODE, _said(found, wording)), text)
    said = legible(said)
    place = 0
    open_: list[Style | None] = []
    for found in _MARK.finditer(said):
        if found.start() > place:
            yield Span(said[place : found.start()], frozenset(filter(None, open_)))
        place = found.end()
        if found[1] is None:
            del open_[-1:]  # one that closes nothing is a stranger's
        else:
            open_.append(_STYLES.get(found[1]))  # None for a mark that is a stranger's
    if place < len(said):
        yield Span(said[place:], frozenset(filter(None, open_)))


def unmarked(text: str, wording: Wording = PYTHON) -> str:
    """The text alone."""
    return "".join(span.text for span in spans(text, wording))


def _packed(content: object) -> str:
    return foreign(json.dumps(content, ensure_ascii=False, default=repr))
