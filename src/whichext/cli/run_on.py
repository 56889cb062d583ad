"""`whichext.tools.run_on`: a race on several machines, from Python."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from whichext.cli.keywords import Names, RunOptions, asked, split
from whichext.model.errors import FleetError
from whichext.model.inline import PYTHON, argument
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.system.signals import interruptible_once

if TYPE_CHECKING:
    from whichext.build.session import How
    from whichext.report.result import Result


class RunOnOptions(RunOptions, total=False):
    """Those of `whichext.run`, all by keyword."""

    cases: Names
    entries: Names
    set: str | None
    projects: Names
    threads: int | Sequence[int] | None
    profiles: Names | None
    factors: Names
    baseline: str | None


@interruptible_once()
def run_on(
    kernel: str | Path | Kernel,
    cluster: str,
    *,
    spread: bool = False,
    **options: Unpack[RunOnOptions],
) -> tuple[Result, ...]:
    """Race a kernel on each machine of a Dask cluster; this sends its code there and runs it.

    Args:
        kernel: Name of a built-in kernel, a kernel folder, or the result of `load_kernel`.
        cluster: Address of the scheduler, such as "tcp://scheduler:8786", or "local:3" for three
            workers here.
        spread: Whether machines of one kind share the cases, instead of racing all of them.
        **options: `save`: a new folder for one result of each machine. `resume`: the folder of an
            earlier run to continue. All others but `seed` are those of `whichext.run`; projects
            are raced as they are, since machines get no history.

    Returns:
        One result for each machine; of spread cases one, or one for each part if builds differ.

    Example:
        >>> whichext.tools.run_on("path/to/kernel", "tcp://scheduler:8786", save="results")

    Raises:
        UsageError: An argument does not fit, or cannot be sent to other machines.
        KernelError: The kernel's author has something to fix.
        FleetError: There is no scheduler or no worker, or a machine has given no whole result.

    """
    from whichext.cli.machines import run_on_machines
    from whichext.load.asked import path_of
    from whichext.report.result import Result

    resume = options.pop("resume", None)
    told, how = _split(options)
    found = run_on_machines(
        kernel,
        told,
        cluster,
        how["output"],
        None if resume is None else path_of("resume", resume),
        how["progress"],
        PYTHON.call("run_on", (str(getattr(kernel, "folder", kernel)), cluster), {}),
        spreads=spread,
    )
    if problems := [f"{one.name}: {one.problem}" for one in found.entrants if one.problem]:
        next_step = f"go on with {argument('resume', str(found.folder))}: the others are there"
        raise FleetError("; ".join(problems), next_step)
    return tuple(Result.kept(view, None) for view in found.views)


def _split(options: RunOnOptions) -> tuple[Options, How]:
    """The options of the races, and where to say how far they are."""
    given: dict[str, Any] = dict(options)
    names = RunOnOptions.__annotations__.keys() - RunOptions.__annotations__.keys()
    named = {name: given.pop(name) for name in names & given.keys()}
    if "set" in named:
        named["entry_set"] = named.pop("set")
    others: Any = given
    return split(asked(**named), others)
