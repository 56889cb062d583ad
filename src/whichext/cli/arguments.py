"""Arguments and options that several commands take, each with its help said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from whichext.cli.words import Texts

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
