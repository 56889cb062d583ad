"""A race on several machines, through Dask: the kernel goes there, and results come back.

`request` is what is asked of a machine, and `there` does it. `cluster` knows the scheduler and the
machines of its workers, `jobs` what is to be done and where, and `folder` the results. `follow`
follows all of it to its end, and `sweep` makes one result of the parts of a sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from whichext.cli.machines.cluster import connected
from whichext.cli.machines.folder import Folder, opened
from whichext.cli.machines.follow import Fleet
from whichext.cli.machines.jobs import Everywhere, Job, Place, spread
from whichext.cli.machines.request import words_of
from whichext.cli.machines.sweep import joined
from whichext.judge import view_of
from whichext.load.asked import check_options
from whichext.load.kernel import load_kernel
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.errors import ResultNotWrittenError, UsageError
from whichext.model.inline import argument
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.raw import Machine
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.bundle_file import pack
from whichext.system.progress import Progress, SilentProgress


@dataclass(frozen=True)
class Entrant:
    """What came of one machine, or of the part of a sweep that one of them took."""

    name: str
    """What it is called."""
    machine: Machine | None
    """Which machine it was; None where none could race."""
    file: Path | None
    """Its result; None where there is none."""
    view: View | None
    """The same, read."""
    problem: str
    """Why it did not come to its end, with marks; empty where it did."""


@dataclass(frozen=True)
class OnMachines:
    """What came of a run on machines."""

    folder: Path
    """Where the results are."""
    entrants: tuple[Entrant, ...]
    """All machines in the order in which they were found, or all parts of a sweep."""
    interrupted: bool
    """Whether Ctrl-C ended it."""
    sweep: Entrant | None = None
    """All parts of a sweep as one result; None without parts, or where they stay apart."""

    @property
    def results(self) -> tuple[Entrant, ...]:
        """What came to its end: the sweep, or else what each one took of it."""
        whole = tuple(one for one in self.entrants if one.view and not one.problem)
        return whole if self.sweep is None else (self.sweep,)

    @property
    def views(self) -> tuple[View, ...]:
        """The results of these."""
        return tuple(one.view for one in self.results if one.view)


def run_on_machines(
    kernel: str | Path | Kernel,
    options: Options,
    on: str,
    folder: Path | None,
    resume: Path | None,
    progress: Progress | None,
    command: str,
    *,
    spreads: bool = False,
) -> OnMachines:
    """Race a kernel on all machines of a cluster, and write one result for each, or for a sweep.

    Args:
        kernel: What is asked.
        options: What to compare and how long.
        on: Address of a Dask scheduler, or "local:N".
        folder: Where results go; by default the folder that is continued.
        resume: The folder of an earlier run to continue; None for a new run.
        progress: Where to say what becomes of machines; None for nowhere.
        command: How it was asked for, for the results.
        spreads: Whether machines of one kind share the cases, instead of racing all of them.

    Raises:
        UsageError: An argument does not fit, or cannot be sent to other machines.
        KernelError: The kernel's author has something to fix.
        FleetError: There is no scheduler or no worker, or the scheduler was lost.

    """
    folder, words = _folder(folder, resume), words_of(options)
    check_options(options)
    kernel = kernel if isinstance(kernel, Kernel) else load_kernel(kernel)
    cases, _ = choose_cases(kernel, options), choose_contestants(kernel, options)  # or refuse
    plan = spread([case.name for case in cases], options) if spreads else Everywhere(words)
    place, files = pack(kernel)
    content = (f"{place} {spreads}".encode(), files, *(word.encode() for word in words))
    held = opened(folder, content, resumes=resume is not None, parts=spreads)
    with held as kept, connected(on) as client:
        fleet = Fleet(
            client=client,
            folder=kept,
            kernel=place,
            files=files,
            plan=plan,
            keep=_keeping(kept, command),
            progress=progress or SilentProgress(),
        )
        return _followed(fleet)


def _followed(fleet: Fleet) -> OnMachines:
    """What comes of it, also where Ctrl-C ends it."""
    interrupted = False
    try:
        fleet.follow()
    except KeyboardInterrupt:
        interrupted = True
    refused = tuple(Entrant(host, None, None, None, why) for host, why in fleet.refused.items())
    entrants = tuple(_entrant(fleet.folder, job, fleet.places) for job in fleet.jobs)
    sweep = _sweep(fleet.folder, entrants) if fleet.folder.has_parts else None
    return OnMachines(fleet.folder.path, (*entrants, *refused), interrupted, sweep)


def _sweep(kept: Folder, parts: Sequence[Entrant]) -> Entrant | None:
    """Write all parts as one result, where they have come to their ends and fit."""
    raws = [one.view.raw for one in parts if one.view and not one.problem]
    whole = joined(raws) if raws and len(raws) == len(parts) else None
    if whole is None:
        return None
    view = view_of(whole)
    _write(view, kept.sweep, kept)
    return Entrant(kept.sweep.stem, whole.machine, kept.sweep, view, "")


def _entrant(kept: Folder, job: Job, places: Mapping[str, Place]) -> Entrant:
    if job.view is not None:
        return Entrant(job.name, job.view.raw.machine, kept.file(job.name), job.view, job.problem)
    place = places.get(job.machine or "")
    machine = None if place is None else place.machine
    return Entrant(job.name, machine, None, None, job.problem)


def _folder(folder: Path | None, resume: Path | None) -> Path:
    """The folder of results.

    Raises:
        UsageError: None is named, or two of them are.

    """
    found = folder or resume
    if found is None:
        raise UsageError(
            f"{argument('cluster')}: there is one result for each machine",
            argument("save", "FOLDER"),
            expected="a folder for them",
        )
    if resume is not None and resume.resolve() != found.resolve():
        raise UsageError(
            argument("resume", str(resume)),
            f"leave out {argument('save')}",
            expected=f"the folder of {argument('save')}, {found}",
        )
    return found


def _keeping(kept: Folder, command: str) -> Callable[[str, View], View]:
    """What writes a result, with the command that was typed here in the place of the one there."""

    def keep(name: str, view: View) -> View:
        found = View(replace(view.raw, command=command), view.judged)
        _write(found, kept.file(name), kept)
        return found

    return keep


def _write(view: View, file: Path, kept: Folder) -> None:
    try:
        result_file.write(view, file)
    except ResultNotWrittenError as error:
        next_step = f"free some space for {argument('save', str(kept.path))}"
        raise ResultNotWrittenError(error.what, next_step, where=error.where) from error
