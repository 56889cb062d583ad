"""What the words of options mean, and how the command line words the core's arguments."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from whichext.model.errors import UsageError
from whichext.model.inline import PYTHON, argument

Texts = list[str] | None
"""An option that may be given several times; of one that may not, only the last would count."""

FLAGS: Mapping[str, str] = {
    "entries": "--entry",
    "cases": "--case",
    "threads": "--threads",
    "profiles": "--profile",
    "factors": "--factor",
    "baseline": "--baseline",
    "precision": "--precision",
    "max_time_s": "--max-time",
    "time_limit_s": "--time-limit",
    "memory_limit_bytes": "--memory-limit",
    "save": "-o",
    "resume": "--resume",
    "result": "--result",
    "min_speedup": "--worth",
    "cells": "--cells",
    "to": "--to",
    "quick": "--quick",
}
"""The flag of each argument that the core can name."""


class ShellWording:
    """Arguments and calls as they are typed: `--entry 'rustpy.*'`, `whichext run total`."""

    def argument(self, name: str, value: Any) -> str:
        """A flag with its value, or alone where that is None; Python's words without a flag."""
        if name not in FLAGS:
            return PYTHON.argument(name, value)
        return FLAGS[name] if value is None else f"{FLAGS[name]} {_quoted(name, value)}"

    def call(self, verb: str, values: tuple[Any, ...], named: Mapping[str, Any]) -> str:
        """A command with its arguments and flags."""
        positional = [_quoted("", value) for value in values]
        flags = [self.argument(name, value) for name, value in named.items()]
        return " ".join(("whichext", verb, *positional, *flags))


SHELL = ShellWording()


def _quoted(name: str, value: Any) -> str:
    """A value as a shell takes it, in the unit of the argument's flag."""
    if isinstance(value, list | tuple):
        value = ",".join(map(str, value))
    elif name == "memory_limit_bytes":
        value = f"{value / 1e9:g}"
    elif isinstance(value, float):
        value = f"{value:g}"
    return shlex.quote(str(value))


def words(texts: Texts) -> tuple[str, ...]:
    """All words that an option was given, with commas or again."""
    found = (word.strip() for text in texts or () for word in text.split(","))
    return tuple(word for word in found if word)


def settings(texts: Texts) -> tuple[str, ...]:
    """Settings one by one: "isa=baseline,native" are two."""
    found: list[str] = []
    for text in texts or ():
        factor, _, values = text.partition("=")
        found += [f"{factor.strip()}={value.strip()}" for value in values.split(",")]
    return tuple(dict.fromkeys(found))


def bytes_of(gigabytes: float | None) -> int | None:
    """A limit in bytes; None where none was given."""
    return None if gigabytes is None else round(gigabytes * 1e9)


def share(text: str) -> float:
    """A share: "1%" and "0.01" are the same one."""
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise UsageError(
            argument("precision", text),
            argument("precision", "1%"),
            expected="a share between 0 and 1, or a percentage",
        )
    return share


def counts(texts: Texts) -> tuple[int, ...]:
    """Whole numbers above 0, each once."""
    found = words(texts)
    if not all(word.isdecimal() and int(word) > 0 for word in found):
        raise UsageError(
            argument("threads", texts),
            argument("threads", (1, 2)),
            expected="whole numbers of at least 1 with commas",
        )
    return tuple(dict.fromkeys(int(word) for word in found))
