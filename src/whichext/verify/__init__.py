"""Stage 4, verify: every contestant against the reference, in a process of its own.

First the nasty inputs, then the cases. A wrong answer on any of them is a wrong answer to the
question, so the contestant does not race. A crash or a hang ends its own process alone. Who lacks
a package is not tried at all.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from whichext.build.packages import find_absent
from whichext.contestant import Case, Contestant
from whichext.kernel import Kernel
from whichext.options import Options
from whichext.outcomes import Check, Crashed, Right, Skipped, TimedOut, Unsupported, Wrong
from whichext.progress import Progress
from whichext.verify import inside
from whichext.worker.crew import Crew, WorkerLostError

_SERVER = inside.__name__


def verify_all(
    kernel: Kernel,
    contestants: tuple[Contestant, ...],
    sites: Mapping[str, Path | None],
    cases: tuple[Case, ...],
    options: Options,
    progress: Progress,
) -> tuple[Check, ...]:
    """Check the contestants that were built.

    Args:
        kernel: Its reference is right by definition.
        contestants: Who was asked for; those without a site are left out.
        sites: Folder of each built contestant's build by the contestant's name; None for the
            reference.
        cases: The cases that will be raced.
        options: The time limit of a call.
        progress: Told of each contestant.

    """
    ready = [c for c in contestants if c.name in sites]
    checks: list[Check] = []
    with Crew(kernel) as crew, progress.stage("verify", len(ready) * (1 + len(cases))) as stage:
        nasty = crew.prepare_nasty().names
        for contestant in ready:
            # The reference is right by definition, also where it is more generous than an entry.
            names = tuple(n for n in nasty if contestant.project or n not in kernel.refused)
            stage.begin(f"{contestant.name} on {len(names)} nasty inputs")
            absent = find_absent(contestant.requires, contestant.remedy)
            found = (
                [Check(contestant=contestant.name, input="import", result=absent)]
                if absent
                else _try_all(crew, contestant, sites[contestant.name], names, options)
            )
            checks += found
            barred = find_fault(contestant.name, found) is not None
            stage.end(_describe(contestant, found), 1 + len(cases) * barred)
        for case in cases:
            stage.begin(f"making the inputs of {case.name}")
            names = crew.prepare(case).names
            for contestant in [c for c in ready if find_fault(c.name, checks) is None]:
                stage.begin(f"{contestant.name} on {case.name}")
                found = _try_all(crew, contestant, sites[contestant.name], names, options)
                checks += found
                stage.end(_describe(contestant, found))
    return tuple(checks)


def find_fault(
    contestant: str, checks: Iterable[Check]
) -> Wrong | Crashed | TimedOut | Skipped | None:
    """What bars a contestant from racing at all; None when nothing does."""
    for check in checks:
        if check.contestant == contestant and not isinstance(check.result, (Right, Unsupported)):
            return check.result
    return None


def find_refusal(contestant: str, case: str, checks: Iterable[Check]) -> Unsupported | None:
    """The clean error with which a contestant refused a case; None when it did not."""
    for check in checks:
        if (check.contestant, check.input) == (contestant, case) and isinstance(
            check.result, Unsupported
        ):
            return check.result
    return None


def _try_all(
    crew: Crew,
    contestant: Contestant,
    site: Path | None,
    names: tuple[str, ...],
    options: Options,
) -> list[Check]:
    """One worker's answers to all inputs; a worker that is lost leaves the rest untried."""
    checks: list[Check] = []
    limit_s = options.time_limit_s
    try:
        worker = crew.spawn(contestant, site, _SERVER, limit_s)
        for name in names:
            start = time.perf_counter_ns()
            result = worker.ask(inside.Try(name, contestant.dtypes), inside.REPLY, name, limit_s)
            took_ns = time.perf_counter_ns() - start
            check = Check(contestant=contestant.name, input=name, result=result, took_ns=took_ns)
            checks.append(check)
        worker.kill()
    except WorkerLostError as lost:
        where = lost.outcome.where
        checks.append(Check(contestant=contestant.name, input=where, result=lost.outcome))
    return checks


def _describe(contestant: Contestant, checks: list[Check]) -> str:
    match find_fault(contestant.name, checks):
        case Wrong(where=where):
            return f"wrong on {where}"
        case Crashed(where=where, how=how):
            return f"crashed on {where}: {how}"
        case TimedOut(where=where):
            return f"no answer on {where}"
        case Skipped(missing=missing):
            return f"skipped: {missing} not found"
        case _:
            refused = sum(isinstance(check.result, Unsupported) for check in checks)
            right = sum(isinstance(check.result, Right) for check in checks)
            return f"{right} right, {refused} refused"
