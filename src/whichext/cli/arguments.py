"""Options of commands: their help, and the conversion of their values."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from whichext.cli.wording import FLAGS
from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.options import Options
from whichext.model.view import View

_MOST_DIGITS = 9  # of a thread count; Python refuses to read numbers of thousands of digits

Texts = list[str] | None
"""An option that may be repeated; without this, only the last one would count."""


def words(texts: Texts) -> tuple[str, ...]:
    """All values of an option, from commas and repetitions; an empty one if that is all."""
    found = (word.strip() for text in texts or () for word in text.split(","))
    return tuple(word for word in found if word) or ("",) * bool(texts)


def settings(texts: Texts) -> tuple[str, ...]:
    """Single settings: "isa=baseline,native" are two."""
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
    """A share: "1%" and "0.01" are the same."""
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


Kernel = Annotated[
    str, typer.Argument(metavar="KERNEL", help="Name of a built-in kernel, or a kernel folder.")
]
Cases = Annotated[
    Texts,
    typer.Option(
        metavar="NAME", help="Cases to race: names or globs, comma-separated; may be repeated."
    ),
]
Entries = Annotated[
    Texts,
    typer.Option(
        metavar="NAME",
        help="Entries: names or globs such as 'rustpy.*', comma-separated; may be repeated.",
    ),
]
Set = Annotated[
    str | None,
    typer.Option(
        "--set",
        metavar="NAME",
        help="Set of entries; by default all entries that are named, or else the set default.",
    ),
]
Projects = Annotated[
    Texts,
    typer.Option(
        metavar="NAME",
        help="Projects: names or globs, comma-separated; may be repeated. With @REVISION as git "
        "knows it, and @working for the folder as it is: mine@HEAD~3,mine@working.",
    ),
]
Threads = Annotated[
    Texts,
    typer.Option(metavar="COUNTS", help="Thread counts of parallel entries, for example 1,2."),
]
Profiles = Annotated[
    Texts,
    typer.Option(metavar="NAME", help="Profiles for every entry: release, native, debug, checked."),
]
Factors = Annotated[
    Texts,
    typer.Option(
        metavar="FACTOR=VALUE",
        help="Race every entry also under a single setting, such as optimisation=none,O2.",
    ),
]
NoIsolation = Annotated[
    bool,
    typer.Option(
        "--no-isolation",
        help="Build with the packages that are installed here; what a build requires must be.",
    ),
]
ConfigSettings = Annotated[
    Texts,
    typer.Option(
        "--config-setting",
        metavar="KEY=VALUE",
        help="A setting for the build backends of the entries; may be repeated.",
    ),
]
Compiler = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Compiler in the place of the machine's own: zig, of the Python package ziglang. It "
        "is the default where there is no other.",
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Contestant that ratios refer to; by default the reference."),
]
MaxTime = Annotated[
    float | None,
    typer.Option(
        min=0,
        metavar="SECONDS",
        help=f"Most time of the race, over all cases; by default {Options.max_time_s:g}.",
    ),
]
TimeLimit = Annotated[
    float,
    typer.Option(
        min=0.001,
        metavar="SECONDS",
        help="Most time for one answer; a contestant that takes longer is killed.",
    ),
]
MemoryLimit = Annotated[
    float | None,
    typer.Option(
        min=0.001,
        metavar="GB",
        help="Most memory of a contestant; by default half of the free memory.",
    ),
]
Precision = Annotated[
    str | None,
    typer.Option(
        metavar="SHARE",
        help="Stop a case once its intervals near a tie are this narrow; by default 1%.",
    ),
]
Quick = Annotated[bool, typer.Option("--quick", help="A fifth of the time, with wider intervals.")]
CleanEnv = Annotated[
    bool,
    typer.Option(
        "--clean-env",
        help="Build without the variables of this environment that compilers and backends read.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write the result to this JSON file; a race keeps its epochs in FILE.part.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="CLUSTER",
        help="Race on each machine of a Dask cluster: its scheduler, such as tcp://host:8786, or "
        "local:3 for three workers here. -o then names a folder.",
    ),
]
Spread = Annotated[
    bool,
    typer.Option(
        "--spread",
        help="With --on: machines of one kind share the cases, and each takes the next that are "
        "free, instead of racing all of them.",
    ),
]
Resume = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Resume from this result file; all other arguments must be unchanged.",
    ),
]
ResumeRun = Annotated[
    Path | None,
    typer.Option(
        "--resume",
        metavar="PATH",
        help="Resume from this result file, or with --on from this folder; all other arguments "
        "must be unchanged.",
    ),
]
ResultFile = Annotated[
    Path | None,
    typer.Option("--result", metavar="FILE", help="Use this result file instead of a race."),
]


class Building(NamedTuple):
    """How projects are built, as it was typed."""

    no_isolation: bool = False
    """Whether the packages that are installed here are used."""
    settings: Texts = None
    """Settings for backends; a comma in one is its own."""
    compiler: str | None = None
    """The compiler; None for the machine's own."""
    clean_env: bool = False
    """Whether the variables of this environment that compilers read are taken out."""

    def way(self) -> dict[str, Any]:
        """The same as options that are about builds alone."""
        settings = tuple(self.settings or ())
        return {
            "isolation": not self.no_isolation,
            "config_settings": settings,
            "compiler": self.compiler,
        }

    def options(self) -> dict[str, Any]:
        """The same as options of a run."""
        return self.way() | {"clean_env": self.clean_env}

    def said(self) -> dict[str, object]:
        """What was typed, by the names of arguments."""
        return {
            "isolation": self.no_isolation,
            "config_settings": self.settings,
            "compiler": self.compiler,
            "clean_env": self.clean_env,
        }


USUAL = Building()
"""Nothing was typed about building."""


def race_options(
    max_time: float | None, precision: str | None, *, quick: bool, **others: Any
) -> Options:
    """Options of a race: the defaults or the quick ones, and the given ones."""
    usual = Options.quick() if quick else Options()
    return replace(
        usual,
        max_time_s=usual.max_time_s if max_time is None else max_time,
        precision=usual.precision if precision is None else share(precision),
        **others,
    )


def instead_of_a_race(file: Path | None, **said: object) -> View | None:
    """The content of a result file; None if there is no file, so that a race is needed.

    Args:
        file: Its path, if one is named.
        **said: Options of a race by the names of their arguments; None and False mean not given.

    Raises:
        UsageError: A file is named together with options of a race.

    """
    found = [FLAGS[name] for name, value in said.items() if value not in (None, False)]
    if file is not None and found:
        raise UsageError(
            argument("on", str(file)),
            f"leave out {argument('on')}, or {' and '.join(found)}",
            expected="no option of a race beside it, since it races nothing",
        )
    if file is None:
        return None
    from whichext.report import result_file

    return result_file.read(file)
