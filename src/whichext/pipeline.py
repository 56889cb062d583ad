"""The flow: load -> build -> audit -> verify -> race -> judge -> report.

    load_kernel    a folder becomes a Kernel
    STAGES         each takes the session and what is known so far (Raw), and adds to it
    judge          what follows from all that was measured (Judged)

`run`, `verify` and `audit` pass through more or fewer of the stages; `check` and `memo` ask more of
a race, or of the result of one. `report` shows what they give.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Unpack

from msgspec.structs import replace as with_fields

from whichext.audit import audit
from whichext.build import build
from whichext.build.session import How, NoJournal, Session
from whichext.build.store import Store
from whichext.build.way import Way
from whichext.judge import judge_again, view_of
from whichext.judge.claims.hold import with_claims
from whichext.judge.claims.trials import find_trials, names_in, race_options
from whichext.judge.schedule import Schedule
from whichext.judge.selfcheck import KERNEL, cases_for, copies_of_reference
from whichext.load.as_called import compare_call
from whichext.load.asked import check_options, is_number
from whichext.load.functions import Functions, write
from whichext.load.kernel import asked_as, load_kernel
from whichext.load.resume import check_source, resume
from whichext.load.revisions import as_raced, at_revisions, revisions_in, revisions_of
from whichext.load.select import (
    cases_of_a_decision,
    choose_cases,
    choose_contestants,
    note_threads,
)
from whichext.model import __version__
from whichext.model.case import Case
from whichext.model.contestant import Contestant
from whichext.model.decision import GREATEST_MIN_SPEEDUP, MIN_SPEEDUP
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call, worded
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.raw import INTERRUPTED, Kind, Raw
from whichext.model.view import View
from whichext.race import race
from whichext.race.yardsticks import line_up
from whichext.report.journal import FileJournal
from whichext.report.result_file import check_writable
from whichext.report.target import check_nothing_kept, hold, release
from whichext.system.machine import describe_machine, usable_cores
from whichext.system.progress import SilentProgress
from whichext.system.workers.crew import Crew
from whichext.toolchains.inherited import cleaned
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
    **how: Unpack[How],
) -> View:
    """Pass a kernel through the stages, up to one of them, and judge what they found.

    Args:
        kernel: What is asked; also a built-in name, or a kernel folder.
        options: What to compare and how long; by default everything.
        kind: What is asked for; an audit and a verification end before the race.
        **how: See `How`.

    Raises:
        UsageError: A name in `kernel` or `options` fits nothing, or `earlier` does not fit.
        KernelError: The kernel's author has something to fix.

    """
    start_ns = time.perf_counter_ns()
    options = options or Options()
    check_options(options)
    kernel = kernel if isinstance(kernel, Kernel) else load_kernel(kernel)
    with at_revisions(kernel, options.projects, how.get("progress")) as kernel:
        raw, options = _asked(kernel, options, kind, how)
        with _session(kernel, options, how) as session:
            try:
                for stage in _stages(kind):
                    raw = raw if raw.stopped else stage(session, raw)
            except KeyboardInterrupt:  # what a stage itself has found by then is in what it returns
                raw = with_fields(raw, stopped=INTERRUPTED)
        return _judged(raw, start_ns)


def _asked(kernel: Kernel, options: Options, kind: Kind, how: How) -> tuple[Raw, Options]:
    """What is known before anything is built, and how it is to be looked at."""
    cases, contestants = choose_cases(kernel, options), choose_contestants(kernel, options)
    raw = _known(kernel, options, cases, contestants, how.get("command"), kind)
    note_threads(contestants, how.get("progress"))
    resume(how.get("earlier"), raw)  # refuses what it can before anything is built
    # What is not followed by a race has the time to verify thoroughly, and two functions have it.
    drawn = kind is Kind.COMPARE and kernel.arguments is not None
    return raw, replace(options, thorough=kind is Kind.VERIFY or drawn)


def _stages(kind: Kind) -> tuple[Stage, ...]:
    """What is passed through; an audit needs no inputs."""
    before = () if kind is Kind.AUDIT else (_try_inputs,)
    return (*before, *STAGES[: _SHORTER.get(kind)])


def _try_inputs(session: Session, raw: Raw) -> Raw:
    """Make the smallest inputs and the nasty ones before anything is built; they are kept.

    A build may take minutes, and what an author got wrong need not wait for it.
    """
    session.crew.prepare(min(raw.cases, key=session.kernel.amount_in))
    session.crew.prepare_nasty()
    return raw


def check(
    kernel: Kernel,
    claims: Sequence[str],
    options: Options,
    result: View | None = None,
    **how: Unpack[How],
) -> View:
    """Test claims with a race of all that they name, or with a result.

    Args:
        kernel: What the claims are about.
        claims: Without any, those of the kernel's own file.
        options: How long a race may take, and how precise it should be.
        result: The result to test them with; None for a new race.
        **how: See `How`.

    Raises:
        ClaimError: A claim cannot be read, or names what is not there.
        UsageError: The result is of another kernel.
        KernelError: The kernel's author has something to fix.

    """
    if result is not None:
        check_source(kernel, result, how.get("progress"))
        trials = find_trials(claims, as_raced(kernel, result.raw), result.raw.machine.cores)
    else:
        asked = revisions_in(kernel, names_in(claims, kernel))
        with at_revisions(kernel, asked, how.get("progress"), alone=False) as kernel:
            trials = find_trials(claims, kernel, usable_cores())
            result = execute(kernel, race_options(trials, options), kind=Kind.CHECK, **how)
    raw = with_fields(result.raw, kind=Kind.CHECK)
    return with_claims(View(raw, result.judged, result.altered), trials)


def memo(
    kernel: Kernel,
    min_speedup: float,
    options: Options,
    result: View | None = None,
    **how: Unpack[How],
) -> View:
    """Race what a decision needs, or take a result, and decide by another threshold.

    Args:
        kernel: What the decision is about.
        min_speedup: How many times as fast is worth a toolchain.
        options: Without cases, the usual ones and the smallest; without thread counts, 1 and as
            many as there are processors.
        result: What the decision rests on; None for a new race.
        **how: See `How`.

    Raises:
        UsageError: No answer could depend on such a threshold, or the result is of another kernel
            or of no race.
        KernelError: The kernel's author has something to fix.

    """
    if not (is_number(min_speedup) and 1 <= min_speedup <= GREATEST_MIN_SPEEDUP):
        raise UsageError(
            argument("min_speedup", min_speedup),
            argument("min_speedup", MIN_SPEEDUP),
            expected=f"a number of times from 1 to {GREATEST_MIN_SPEEDUP:g}",
        )
    if result is None:
        cases = options.cases or cases_of_a_decision(kernel)
        threads = options.threads or tuple(sorted({1, usable_cores()}))
        options = replace(options, cases=cases, threads=threads)
        result = execute(kernel, options, kind=Kind.MEMO, **how)
    else:
        check_source(kernel, result, how.get("progress"))
        judged = with_fields(result.judged, claims=())  # a memo answers none
        result = View(with_fields(result.raw, kind=Kind.MEMO), judged, result.altered)
    return judge_again(result, result.reference.name, min_speedup)


def compare(stated: Functions, options: Options, **how: Unpack[How]) -> View:
    """Verify and race functions on the inputs that were given with them.

    Args:
        stated: The functions and their inputs.
        options: What to compare and how long.
        **how: See `How`.

    Raises:
        UsageError: Something cannot be sent to another process.

    """
    with TemporaryDirectory(prefix="whichext-") as folder:
        kernel = write(stated, Path(folder) / Kind.COMPARE)
        how.setdefault("command", compare_call(stated, options))
        return execute(kernel, options, kind=Kind.COMPARE, **how)


def selfcheck(cells: int, options: Options, **how: Unpack[How]) -> View:
    """Race one piece of NumPy code against copies of itself.

    Args:
        cells: Pairs to compare; rounded up to whole cases, and at most what the cases give.
        options: Time, precision, epochs and rounds.
        **how: See `How`.

    """
    check_options(options)
    start_ns, kernel = time.perf_counter_ns(), load_kernel(KERNEL)
    cases, copies = cases_for(kernel, cells), copies_of_reference()
    command = how.get("command") or worded(call(Kind.SELFCHECK))
    raw = _known(kernel, options, cases, copies, command, Kind.SELFCHECK)
    with _session(kernel, options, how) as session:
        return _judged(race(session, raw), start_ns)


def _judged(raw: Raw, start_ns: int) -> View:
    """The judged result of all stages."""
    return view_of(with_fields(raw, duration_ns=time.perf_counter_ns() - start_ns))


@contextmanager
def _session(kernel: Kernel, options: Options, how: How) -> Iterator[Session]:
    """The session of all stages, with a crew that ends with them.

    The result's file is held until the result is written to it, or until there will be none.
    """
    output = how.get("output")
    if output is not None:
        check_writable(output)
        hold(output)
    try:
        if output is not None and how.get("earlier") is None:
            check_nothing_kept(output)
        with cleaned(options.clean_env):  # before the processes start, which inherit it
            session = _started(kernel, options, how)
            compilers = Way.of(options).compilers(session.store.folder, session.progress.note)
            with session.crew, compilers:
                yield session
    except BaseException:
        if output is not None:
            release(output)
        raise


def _started(kernel: Kernel, options: Options, how: How) -> Session:
    output = how.get("output")
    crew = Crew(kernel, INPUTS)
    crew.answer_limit_s = options.time_limit_s
    return Session(
        kernel=kernel,
        options=options,
        store=how.get("store") or Store(),
        crew=crew,
        schedule=Schedule(options.precision, options.min_epochs, options.needed),
        progress=how.get("progress") or SilentProgress(),
        journal=NoJournal() if output is None else FileJournal(output),
        earlier=how.get("earlier"),
    )


def _known(
    kernel: Kernel,
    options: Options,
    cases: tuple[Case, ...],
    contestants: tuple[Contestant, ...],
    command: str | None,
    kind: Kind,
) -> Raw:
    """The raw result before anything is built."""
    return Raw(
        whichext_version=__version__,
        kernel=kernel.name,
        kernel_digest=kernel.digest,
        question=kernel.question,
        entries=kernel.entry_names,
        agreement=kernel.agreement.sentence,
        mutates=kernel.mutated_names,
        method=None if kernel.stateful is None else kernel.stateful.method,
        origin=kernel.origin or None,
        command=command or worded(call(kind, asked_as(kernel))),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        duration_ns=0,
        kind=kind,
        seed=options.seed,
        precision=options.precision,
        baseline=contestants[0].name,
        machine=describe_machine(),
        cases=cases,
        sizes=tuple(map(kernel.size_of, cases)),
        contestants=contestants,
        revisions=revisions_of(kernel),
    )
