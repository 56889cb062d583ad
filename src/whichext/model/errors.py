"""Everything that can go wrong for a person to fix: values, which Python and a shell word each.

An error says what is wrong and where, what was expected and what was found, among which names a
reader can choose, and the next step. Arguments are named as `model.inline` marks them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from whichext.model.inline import PYTHON, Wording, argument, legible, worded

_VOWEL = re.compile("[aeio]|unb|nd", re.IGNORECASE)
"""How a noun is spelt that is spoken with a vowel first: OSError, ndarray, but no uint8."""


class WhichextError(Exception):
    """Base of all errors that are shown without a traceback.

    Args:
        what: What is wrong.
        next_step: What the reader can do now.
        where: File, kernel or argument that it is about; empty where `what` says so.
        expected: What should have been there.
        got: What was there.
        choices: Names that would do in its place.

    """

    exit_code = 1

    def __init__(
        self,
        what: str,
        next_step: str,
        *,
        where: str = "",
        expected: str = "",
        got: str = "",
        choices: Sequence[str] = (),
    ) -> None:
        super().__init__(what, next_step)
        self.what, self.where = what, where
        self.expected, self.got, self.choices = expected, got, tuple(choices)
        self.marked_next_step = next_step

    @property
    def problem(self) -> str:
        """What is wrong and where, with both sides, as Python words it."""
        return worded(self.marked_problem)

    @property
    def next_step(self) -> str:
        """What the reader can do now, as Python words it."""
        return worded(self.marked_next_step)

    def text(self, wording: Wording) -> str:
        """Problem and next step, with arguments and calls worded as the reader types them."""
        problem, next_step = (
            legible(worded(t, wording)) for t in (self.marked_problem, self.marked_next_step)
        )
        return f"{problem}\nNext: {next_step}"

    def __str__(self) -> str:
        return self.text(PYTHON)

    @property
    def marked_problem(self) -> str:
        """What is wrong and where, with both sides; arguments and calls are still marks."""
        listed = [f"one of {', '.join(self.choices)}"] if self.choices else []
        expected = ", or ".join(filter(None, (*listed, self.expected)))
        sides = [f"expected {expected}"] * bool(expected) + [f"got {self.got}"] * bool(self.got)
        return ": ".join(filter(None, (self.where, self.what, ", ".join(sides))))


class UsageError(WhichextError):
    """The arguments do not fit: an unknown kernel, case, entry or profile."""

    exit_code = 2


class UnknownNameError(UsageError):
    """An argument names something that there is not.

    Args:
        name: The argument, such as "entries".
        value: What was given.
        problem: What is wrong with it, such as "fits no entry".
        choices: All names that there are.
        expected: What would do besides.
        suggestion: What to give instead; the closest name unless it is given, where one is close.

    """

    def __init__(
        self,
        name: str,
        value: str,
        problem: str,
        choices: Sequence[str],
        *,
        expected: str = "",
        suggestion: str = "",
    ) -> None:
        only = choices if len(choices) == 1 else ()
        longer = [one for one in choices if one.startswith(f"{value}:")]
        near = longer or difflib.get_close_matches(str(value), choices, n=1) or only
        suggested = argument(name, suggestion or next(iter(near), choices[0]))
        super().__init__(
            " ".join(filter(None, (argument(name, value), problem))),
            suggested if suggestion or near else f"give one of these, such as {suggested}",
            expected=expected,
            choices=choices,
        )


class ClaimError(UsageError):
    """A claim cannot be read, or a word of it names nothing that there is.

    Args:
        claim: Its text.
        start: Where the word begins, from 0.
        length: How long it is; 0 behind the end.
        what: What is wrong with it.
        next_step: What to write instead.
        expected: What should have been there.
        got: What was there.

    """

    def __init__(
        self,
        claim: str,
        start: int,
        length: int,
        what: str,
        next_step: str,
        *,
        expected: str = "",
        got: str = "",
    ) -> None:
        super().__init__(what, next_step, expected=expected, got=got)
        self.claim, self.start, self.length = claim, start, length

    @property
    def marked_problem(self) -> str:
        """What is wrong, above the claim with the place underlined."""
        caret = " " * self.start + "^" * max(1, self.length)
        return f"{super().marked_problem}\n  {self.claim}\n  {caret}"


class KernelError(WhichextError):
    """A kernel folder or a project in it is not what it must be."""

    exit_code = 2


class ResultFileError(WhichextError):
    """A result file cannot be read, or its name is none to write to."""

    exit_code = 2


class ResultNotWrittenError(ResultFileError):
    """What was measured could not be written, although the name was good."""

    exit_code = 1


class BundleError(WhichextError):
    """A bundle cannot be written, cannot be read, or is not what it was when it was made."""

    exit_code = 2


class FleetError(WhichextError):
    """Machines cannot be reached, or some of them have not given their results."""


class CacheError(WhichextError):
    """The folder in which builds are kept cannot be used."""


class OutputError(WhichextError):
    """What a command prints cannot be written."""


class HostLostError(WhichextError):
    """The process that holds the inputs ended before its work did."""


class ClockError(WhichextError):
    """The clock of this machine went back, or stood still, while calls were timed."""


def closest(name: str, names: Sequence[str]) -> str:
    """The one of some names that looks most like what was given."""
    return (difflib.get_close_matches(str(name), names, n=1, cutoff=0.0) or list(names))[0]


def with_article(noun: str) -> str:
    """A noun, such as the name of a type, behind "a" or "an"."""
    return f"{'an' if _VOWEL.match(noun) else 'a'} {noun}"


def a_type(value: object) -> str:
    """The type of a value, behind an article."""
    return "None" if value is None else with_article(type(value).__name__)


def describe_error(error: BaseException) -> str:
    """An error's type and text, whatever a stranger's `__str__` does."""
    try:
        text = str(error)
    except Exception as failure:
        text = f"(its text cannot be had: {type(failure).__name__})"
    return f"{type(error).__name__}: {text}".encode(errors="backslashreplace").decode()
