"""Stage 4, verify: every contestant against the reference, in a process of its own.

First the nasty inputs and what is done other than one call, then the cases. A wrong answer on any
of them is a wrong answer to the question, so the contestant does not race. A crash or a hang ends
its own process alone. Who lacks a package is not tried at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from whichext.model.check import Check, find_fault
from whichext.model.contestant import Case, Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Right, Unsupported
from whichext.system.machine import free_bytes
from whichext.system.progress import Progress, outcome_progress
from whichext.system.workers.crew import Crew
from whichext.verify.asking import ask_all, ask_before_cases
from whichext.verify.questions import nasty_questions, tries


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
    growth_bytes = options.memory_limit_bytes or free_bytes() // 2
    with (
        Crew(kernel, growth_bytes) as crew,
        progress.stage("verify", len(ready) * (1 + len(cases))) as stage,
    ):
        nasty = crew.prepare_nasty()
        for contestant in ready:
            questions = nasty_questions(contestant, nasty, kernel, options)
            stage.begin(f"{contestant.name} in {len(questions)} nasty ways")
            found = ask_before_cases(crew, contestant, sites[contestant.name], questions, options)
            checks += found
            barred = find_fault(contestant.name, found) is not None
            stage.end(_describe(contestant, found), 1 + len(cases) * barred)
        for case in cases:
            stage.begin(f"making the inputs of {case.name}")
            prepared = crew.prepare(case)
            for contestant in [c for c in ready if find_fault(c.name, checks) is None]:
                stage.begin(f"{contestant.name} on {case.name}")
                questions = list(tries(contestant, prepared, options))
                found = ask_all(crew, contestant, sites[contestant.name], questions, options)
                checks += found
                stage.end(_describe(contestant, found))
    return tuple(checks)


def _describe(contestant: Contestant, checks: list[Check]) -> str:
    fault = find_fault(contestant.name, checks)
    if fault is not None:
        return outcome_progress(fault)
    refused = sum(check.count for check in checks if isinstance(check.result, Unsupported))
    right = sum(check.count for check in checks if isinstance(check.result, Right))
    return f"{right} right, {refused} refused"
