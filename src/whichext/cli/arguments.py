"""Options of commands: their help, what their words mean, and how arguments are typed."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from whichext.cli.wording import FLAGS
from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.options import Options
from whichext.model.view import View

_MOST_DIGITS = 9  # of a thread count; Python refuses to read numbers of thousands of digits

Texts = list[str] | None
"""An option that may be given several times; of one that may not, only the last would count."""


def words(texts: Texts) -> tuple[str, ...]:
    """All words that an option was given, with commas or again; an empty one if that is all."""
    found = (word.strip() for text in texts or () for word in text.split(","))
    return tuple(word for word in found if word) or ("",) * bool(texts)


def settings(texts: Texts) -> tuple[str, ...]:
    """Settings one by one: "isa=baseline,native" are two."""
    found: list[str] = []
    for text in texts or ():
        factor, _, values = text.partition("=")
        found += [f"{factor.strip()}={value.strip()}" for value in values.split(",")]
    return tuple(dict.fromkeys(found))


def bytes_of(gigabytes: float | None) -> int | None:
    """A limit in bytes; None where none was given."""
    if gigabytes is not None and not math.isfinite(gigabytes):
        raise UsageError(
            argument("memory_limit_bytes", str(gigabytes)),
            argument("memory_limit_bytes", 1_000_000_000),
            expected="a number of GB",
        )
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
    if not all(word.isdecimal() and len(word) <= _MOST_DIGITS and int(word) > 0 for word in found):
        raise UsageError(
            argument("threads", texts),
            argument("threads", (1, 2)),
            expected="whole numbers of at least 1 with commas",
        )
    return tuple(dict.fromkeys(int(word) for word in found))


Kernel = Annotated[str, typer.Argument(help="A built-in kernel's name, or a kernel folder.")]
Cases = Annotated[Texts, typer.Option(help="Cases: names or patterns, with commas or again.")]
Entries = Annotated[
    Texts,
    typer.Option(help="Entries: names or patterns such as 'rustpy.*', with commas or again."),
]
Threads = Annotated[Texts, typer.Option(help="Thread counts of parallel entries, for example 1,2.")]
Profiles = Annotated[
    Texts,
    typer.Option(help="Compiler settings for every entry: release, native, debug, checked."),
]
Factors = Annotated[
    Texts,
    typer.Option(help="Every entry under these settings too, such as optimisation=none,O2."),
]
Baseline = Annotated[
    str | None, typer.Option(help="What ratios refer to; the reference if not given.")
]
MaxTime = Annotated[
    float | None, typer.Option(min=0, help="Seconds that the race may take, over all cases.")
]
TimeLimit = Annotated[
    float, typer.Option(min=0.001, help="Seconds for one answer before a contestant is killed.")
]
MemoryLimit = Annotated[
    float | None,
    typer.Option(
        min=0.001, help="GB that a contestant may take; half of what is free if not given."
    ),
]
Precision = Annotated[
    str | None, typer.Option(help="Half-width of intervals near a tie at which a case is done.")
]
Quick = Annotated[bool, typer.Option("--quick", help="A fifth of the time, and wider intervals.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help="Write the result to this JSON file; a race keeps its epochs beside it.",
    ),
]
Resume = Annotated[
    Path | None, typer.Option(help="Go on from this result file, with the same words.")
]
ResultFile = Annotated[
    Path | None, typer.Option("--result", help="Answer from this result file; race nothing.")
]


def race_options(
    max_time: float | None, precision: str | None, *, quick: bool, **others: Any
) -> Options:
    """Options of a race: the usual ones or the quick ones, and what was said beside that."""
    usual = Options.quick() if quick else Options()
    return replace(
        usual,
        max_time_s=usual.max_time_s if max_time is None else max_time,
        precision=usual.precision if precision is None else share(precision),
        **others,
    )


def instead_of_a_race(file: Path | None, **said: object) -> View | None:
    """What a result file holds; None where there is to be a race.

    Args:
        file: Its path, if one is named.
        **said: Options of a race by the names of their arguments; None and False are not said.

    Raises:
        UsageError: A file is named, and options of a race as well.

    """
    found = [FLAGS[name] for name, value in said.items() if value not in (None, False)]
    if file is not None and found:
        raise UsageError(
            argument("result", str(file)),
            f"leave out {argument('result')}, or {' and '.join(found)}",
            expected="no option of a race beside it, since it races nothing",
        )
    if file is None:
        return None
    from whichext.report import result_file

    return result_file.read(file)
