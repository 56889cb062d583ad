"""The flow: load -> build -> audit -> verify -> race -> judge -> report.

    load_kernel    a folder becomes a Kernel
    STAGES         each takes the session and what is known so far (Raw), and adds to it
    judge          what follows from all that was measured (Judged)

`run`, `verify` and `audit` pass through more or fewer of the stages; `report` shows what they give.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace as with_fields

from whichext import __version__
from whichext.audit import audit
from whichext.build import build
from whichext.build.session import Journal, NoJournal, Session
from whichext.build.store import Store
from whichext.judge import view_of
from whichext.judge.rounds import PrecisionReached
from whichext.judge.selfcheck import KERNEL, cases_for, copies_of_reference
from whichext.load.kernel import load_kernel
from whichext.load.resume import resume
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.contestant import Case, Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.raw import CaseSize, Kind, Raw
from whichext.model.view import View
from whichext.race import race
from whichext.race.yardsticks import line_up
from whichext.report.journal import FileJournal
from whichext.report.result_file import check_writable
from whichext.system.machine import describe_machine
from whichext.system.progress import Progress, SilentProgress
from whichext.system.workers.crew import Crew
from whichext.verify import verify

Stage = Callable[[Session, Raw], Raw]

STAGES: tuple[Stage, ...] = (build, audit, verify, line_up, race)
"""What is done with a kernel that was loaded, before it is judged."""

_SHORTER: Mapping[Kind, int] = {Kind.AUDIT: 2, Kind.VERIFY: 3}
"""How many of the stages what ends before the race passes through."""

INPUTS = "whichext.verify.inputs.provider"
"""The module that makes inputs and reference answers, in the process that all workers come from."""


def execute(
    kernel: str | Path | Kernel,
    options: Options | None = None,
    *,
    kind: Kind = Kind.RUN,
    command: str = "whichext.run()",
    progress: Progress | None = None,
    store: Store | None = None,
    output: Path | None = None,
    earlier: Raw | None = None,
) -> View:
    """Pass a kernel through the stages, up to one of them, and judge what they found.

    Args:
        kernel: What is asked; also a built-in name, or a kernel folder.
        options: What to compare and how long; by default everything.
        kind: What is asked for; an audit and a verification end before the race.
        command: How it was asked for, for the result.
        progress: Where to say how far it is; by default nowhere.
        store: Where builds are kept; by default the user's cache.
        output: Where the result will be; what is measured is kept beside it meanwhile.
        earlier: A result to go on from.

    Raises:
        UsageError: A name in `kernel` or `options` fits nothing, or `earlier` does not fit.
        KernelError: The kernel's author has something to fix.

    """
    start_ns = time.perf_counter_ns()
    kernel = kernel if isinstance(kernel, Kernel) else load_kernel(kernel)
    options = options or Options()
    cases, contestants = choose_cases(kernel, options), choose_contestants(kernel, options)
    raw = _known(kernel, options, cases, contestants, command, kind)
    resume(earlier, raw)  # refuses what it can before anything is built
    # What is not followed by a race has the time to verify thoroughly.
    options = replace(options, thorough=kind is Kind.VERIFY)
    session = _session(kernel, options, progress, output, store=store, earlier=earlier)
    with session.crew:
        for stage in STAGES[: _SHORTER.get(kind)]:
            raw = stage(session, raw)
    return _judged(raw, start_ns)


def selfcheck(
    cells: int,
    options: Options,
    *,
    command: str = "whichext.tools.selfcheck()",
    progress: Progress | None = None,
    output: Path | None = None,
) -> View:
    """Race one piece of NumPy code against copies of itself.

    Args:
        cells: Pairs to compare; rounded up to whole cases, and at most what the cases give.
        options: Time, precision, epochs and rounds.
        command: How it was asked for, for the result.
        progress: Told of each epoch; by default nothing is.
        output: Where the result will be; what is measured is kept beside it meanwhile.

    """
    start_ns, kernel = time.perf_counter_ns(), load_kernel(KERNEL)
    cases, copies = cases_for(kernel, cells), copies_of_reference()
    raw = _known(kernel, options, cases, copies, command, Kind.SELFCHECK)
    session = _session(kernel, options, progress, output)
    with session.crew:
        return _judged(race(session, raw), start_ns)


def _judged(raw: Raw, start_ns: int) -> View:
    """What is known at the end of all stages, judged."""
    return view_of(with_fields(raw, duration_ns=time.perf_counter_ns() - start_ns))


def _session(
    kernel: Kernel,
    options: Options,
    progress: Progress | None,
    output: Path | None,
    *,
    store: Store | None = None,
    earlier: Raw | None = None,
) -> Session:
    """What all stages share, with a crew that was just started."""
    journal: Journal = NoJournal()
    if output is not None:
        check_writable(output)
        journal = FileJournal(output)
    return Session(
        kernel=kernel,
        options=options,
        store=store or Store(),
        crew=Crew(kernel, INPUTS),
        stopping=PrecisionReached(options.precision, options.min_epochs),
        progress=progress or SilentProgress(),
        journal=journal,
        earlier=earlier,
    )


def _known(
    kernel: Kernel,
    options: Options,
    cases: tuple[Case, ...],
    contestants: tuple[Contestant, ...],
    command: str,
    kind: Kind,
) -> Raw:
    """What is known before anything is built."""
    return Raw(
        whichext_version=__version__,
        kernel=kernel.name,
        kernel_digest=kernel.digest,
        question=kernel.question,
        entries=kernel.entry_names,
        agreement=kernel.tolerance.sentence,
        origin=kernel.origin or None,
        command=command,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        duration_ns=0,
        kind=kind,
        seed=options.seed,
        precision=options.precision,
        baseline=contestants[0].name,
        machine=describe_machine(),
        cases=cases,
        sizes=tuple(CaseSize(case=c.name, bytes_moved=kernel.bytes_moved(c)) for c in cases),
        contestants=contestants,
    )
