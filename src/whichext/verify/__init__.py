"""Stage 4, verify: every contestant against the reference, in a process of its own.

First come the nasty inputs and the tests beyond a single call, then the cases. A contestant that is
wrong on any of them does not race. A crash or a hang ends its own process alone. A contestant that
lacks a package is not tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace as with_fields

from whichext.build.session import Session
from whichext.build.store import find_sites
from whichext.model.case import Case
from whichext.model.check import Check, find_fault, merged
from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Right, Unsupported
from whichext.model.raw import INTERRUPTED, CaseSize, Kind, Raw
from whichext.system.machine import free_bytes
from whichext.system.progress import Progress, outcome_progress
from whichext.system.workers.crew import Crew
from whichext.system.workers.messages import Prepared
from whichext.verify.answers import References
from whichext.verify.asking import Asker


def verify(session: Session, raw: Raw) -> Raw:
    """Check the contestants that were built; Ctrl-C ends the stage with what was checked."""
    sites = find_sites(raw.contestants, raw.builds, session.store)
    ready = tuple(c for c in raw.contestants if c.name in sites)
    options = session.options
    checks: list[Check] = []
    stopped = raw.stopped
    try:
        with session.crew.limited(options.memory_limit_bytes or free_bytes() // 2):
            for found in verify_all(
                session.crew, ready, sites, raw.cases, options, session.progress
            ):
                checks += found
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    kept = merged(tuple(checks), refusals=not options.thorough)
    sizes = tuple(_with_made(size, session.crew.made.get(size.case)) for size in raw.sizes)
    draws = options.thorough or raw.kind is Kind.COMPARE
    undrawn = draws and not _says_what_arguments_are(session.kernel)
    made = (session.crew.made.get(case.name) for case in raw.cases)
    left_out = dict.fromkeys(name for one in made if one and draws for name in one.left_out)
    return with_fields(
        raw,
        sizes=sizes,
        checks=kept,
        undrawn=undrawn,
        left_out=tuple(left_out),
        stopped=stopped,
    )


def _with_made(size: CaseSize, made: Prepared | None) -> CaseSize:
    """The size of a case with what was seen when its inputs were made."""
    if made is None:
        return size
    return with_fields(size, argument_bytes=made.argument_bytes, calls=made.calls)


def _says_what_arguments_are(kernel: Kernel) -> bool:
    """Whether inputs can be drawn."""
    from whichext.verify.inputs.arguments import strategy_of  # Hypothesis takes a while to load

    return strategy_of(kernel) is not None


def verify_all(
    crew: Crew,
    contestants: tuple[Contestant, ...],
    sites: Mapping[str, Path | None],
    cases: tuple[Case, ...],
    options: Options,
    progress: Progress,
) -> Iterator[list[Check]]:
    """Check contestants, input by input; yields the checks of each.

    Args:
        crew: Its kernel's reference is right by definition.
        contestants: The contestants that were built.
        sites: Folder of each one's build by the contestant's name; None for the reference.
        cases: The cases that will be raced.
        options: The time limit of a call, and how thorough to be.
        progress: Notified of each contestant.

    """
    checks: list[Check] = []
    with progress.stage("verify", len(contestants) * (1 + len(cases))) as stage:
        nasty = crew.prepare_nasty()
        references = References(crew, options.time_limit_s)
        askers = {c.name: Asker(crew, c, sites[c.name], options, references) for c in contestants}
        for contestant in contestants:
            asker = askers[contestant.name]
            questions = asker.nasty_questions(nasty)
            stage.begin(f"{contestant.name} in {len(questions)} nasty ways")
            found = asker.ask_before_cases(questions)
            checks += found
            yield found
            barred = find_fault(contestant.name, found) is not None
            stage.end(_describe(contestant, found), 1 + len(cases) * barred)
        for case in cases:
            stage.begin(f"making the inputs of {case.name}")
            prepared = crew.prepare(case)
            for contestant in [c for c in contestants if find_fault(c.name, checks) is None]:
                stage.begin(f"{contestant.name} on {case.name}")
                asker = askers[contestant.name]
                found = asker.ask_cases(prepared)
                checks += found
                yield found
                stage.end(_describe(contestant, found))


def _describe(contestant: Contestant, checks: list[Check]) -> str:
    fault = find_fault(contestant.name, checks)
    if fault is not None:
        return outcome_progress(fault)
    refused = sum(check.count for check in checks if isinstance(check.result, Unsupported))
    right = sum(check.count for check in checks if isinstance(check.result, Right))
    return f"{right} right, {refused} refused"
