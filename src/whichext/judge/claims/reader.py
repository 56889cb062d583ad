"""Reads a claim word by word: names, numbers with units, and an error at what does not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from whichext.model.claim import ADDITIONS, BEFORE_NUMBERS, FORMS
from whichext.model.errors import ClaimError

_WORD = re.compile(r"[<>]=?|[≤≥,]|[^\s,<>≤≥]+")
_SIGNS = frozenset({"", ",", "<", ">", "<=", ">=", "≤", "≥"})
_CROSS = "\N{MULTIPLICATION SIGN}"
_DIGITS = re.compile(r"(?P<number>\d+(_\d+)*(\.\d+)?|\.\d+)(?P<unit>x|%|)")
_NAMED = {"x": "x", "times": "x", "%": "%", "percent": "%", "per cent": "%"}
"""The separate word after a number, and its unit."""
_EXAMPLES = {"x": "2x", "%": "20%", "": "0.45"}
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_IN_WORDS: dict[str, tuple[float, tuple[str, ...]]] = {
    **{word: (float(number), ("",)) for number, word in enumerate(_COUNTED, start=1)},
    "half": (0.5, ("", "x")),
    "twice": (2.0, ("x",)),
    "thrice": (3.0, ("x",)),
}
"""Numbers that are written as words, each with the units that it can have."""


@dataclass(frozen=True)
class Word:
    """A word of a claim."""

    text: str
    """As it was written; empty behind the last one."""
    start: int
    """Where it begins, from 0."""


class Reader:
    """Reads a claim from its first word to its last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.next = 0
        """Number of the word that is read next."""
        self._words = [Word(found[0], found.start()) for found in _WORD.finditer(text)]

    @property
    def here(self) -> Word:
        """The word that is read next."""
        end = Word("", len(self.text) + 1)
        return end if self.ended else self._words[self.next]

    @property
    def ended(self) -> bool:
        """Whether the end is reached."""
        return self.next == len(self._words)

    def accept(self, *choices: str) -> str:
        """Read one of these words or phrases; empty where there is another word."""
        for choice in choices:
            words = self._words[self.next : self.next + len(choice.split())]
            if [_plain(word.text) for word in words] == choice.split():
                self.next += len(words)
                return choice
        return ""

    def expect(self, *choices: str) -> str:
        """Read one of these words."""
        found = self.accept(*choices)
        if not found:
            raise self.unfit(" or ".join(choices))
        return found

    def phrase(self, text: str) -> None:
        """Read all of these words."""
        for word in text.split():
            self.expect(word)

    def name(self, what: str) -> Word:
        """Read a name, whatever it names."""
        word = self.here
        if word.text in _SIGNS:
            raise self.unfit(what)
        self.next += 1
        return word

    def number(self, *units: str, otherwise: str = "") -> tuple[float, str]:
        """Read a number above 0 and its unit.

        Args:
            units: Those that it may have; an empty one for none.
            otherwise: The alternatives.

        """
        number, usual = _number_in(_plain(self.here.text))
        if number:
            first, self.next = self.next, self.next + 1
            named = self.accept(*(name for name, unit in _NAMED.items() if unit in units))
            unit = _NAMED[named] if named else next((u for u in usual if u in units), None)
            if unit is not None:
                return number, unit
            self.next = first
        examples = " or ".join(_EXAMPLES[unit] for unit in units)
        raise self.unfit(f"{otherwise}a number above 0, such as {examples}")

    def since(self, first: int) -> str:
        """The text from the word of that number on."""
        last = self._words[self.next - 1]
        return self.text[self._words[first].start : last.start + len(last.text)]

    def unfit(self, expected: str, word: Word | None = None) -> ClaimError:
        """The error for an unexpected word, by default the next one."""
        word = self.here if word is None else word
        later = {_plain(one.text) for one in self._words[self.next + 1 :]}
        additions = BEFORE_NUMBERS if "on" in later else ADDITIONS  # it names its case already
        return ClaimError(
            self.text,
            word.start,
            len(word.text),
            "the claim cannot be read",
            "use one of these forms:\n"
            + "".join(f"  {form}\n" for form in FORMS)
            + f"  {additions}",
            expected=expected,
            got=repr(word.text) if word.text else "the end",
        )


def _plain(word: str) -> str:
    """A normalised word: lower case, and "x" for the multiplication sign."""
    return word.lower().replace(_CROSS, "x")


def _number_in(word: str) -> tuple[float | None, tuple[str, ...]]:
    """The number that a word is, and the units that it can have; None where it is none."""
    if word in _IN_WORDS:
        return _IN_WORDS[word]
    found = _DIGITS.fullmatch(word)
    return (float(found["number"]), (found["unit"],)) if found else (None, ())
