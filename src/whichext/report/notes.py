"""What a reader of a table must know before believing it: noise, threads, dropped rounds, stops."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from whichext.judge.doubts import is_much_stolen_from, unlike_twin
from whichext.judge.estimates import busy_threads
from whichext.model.contestant import Role
from whichext.model.findings import spoils
from whichext.model.outcome import Built, Crashed, Fault, TimedOut, Wrong
from whichext.model.view import View

_HAPPENED: dict[type[Struct], str] = {
    Wrong: "the answer is wrong",
    Crashed: "it crashes",
    TimedOut: "it hangs",
}


def warnings(view: View) -> list[str]:
    """What makes the whole result doubtful, most serious first; empty when nothing does."""
    checks = (_stopped, _audited, _stolen, _unlike_twin, _threads)
    return [warning for check in checks for warning in check(view)]


def race_warnings(view: View) -> list[str]:
    """The same without what the audit found."""
    checks = (_stopped, _stolen, _unlike_twin, _threads)
    return [warning for check in checks for warning in check(view)]


def hazards(view: View) -> list[str]:
    """What may happen to whoever uses a contestant, and did not bar it from the race."""
    # Who is wrong anyway is so with or without a fork.
    barred = {
        c.contestant for c in view.raw.checks if c.property.bars and isinstance(c.result, Fault)
    }
    hazardous = [
        check
        for check in view.raw.checks
        if not check.property.bars and check.contestant not in barred
    ]
    texts = []
    for kind, happened in _HAPPENED.items():
        names = [check.contestant for check in hazardous if isinstance(check.result, kind)]
        if names:
            texts.append(
                f"In a forked child after a call {happened}: {', '.join(names)}. Where Python "
                "starts processes by fork, let it spawn them."
            )
    return texts


def noise(view: View) -> str:
    """The noise floor in one sentence."""
    twin = next((c for c in view.raw.contestants if c.role is Role.TWIN), None)
    if view.noise_floor is None or twin is None:
        return "No A/A twin raced, so the noise of this race is not known."
    courses = view.judged.cases
    lost = stolen_rounds(
        sum(course.rounds_spoiled for course in courses),
        sum(len(course.dropped) for course in courses),
        sum(course.rounds for course in courses),
    )
    return (
        f"Noise floor: a second copy of {twin.original} came within "
        f"{view.noise_floor:.1%} of it in every case. {lost}"
    )


def stolen_rounds(spoiled: int, dropped: int, rounds: int) -> str:
    """How many rounds went for stolen time, and how many more should have gone."""
    kept = f"; {spoiled - dropped} more were spoiled and had to stay" if spoiled > dropped else ""
    return f"Dropped for stolen time: {dropped} of {rounds} rounds{kept}."


def limit_kind(view: View) -> str:
    """What the share of the limit refers to."""
    projects = {c.project for c in view.raw.contestants if c.role is Role.LIMIT}
    builds = [build.result for build in view.raw.builds if build.project in projects]
    native = any(isinstance(result, Built) for result in builds)
    reader = "in C, 8 streams a thread" if native else "by NumPy, since the C reader was not built"
    return f"limit: the inputs read once ({reader}), the output not written"


def _stopped(view: View) -> Iterator[str]:
    if view.raw.stopped:
        yield (
            f"The run ended before it was done: {view.raw.stopped}. "
            "Go on with the same words and --resume FILE, where -o FILE was given."
        )


def _audited(view: View) -> Iterator[str]:
    """What takes the meaning out of some ratio; why, and what to do, stands below the tables."""
    for finding in filter(spoils, view.raw.findings):
        yield f"{finding.severity.capitalize()}: {finding.what}. whichext audit tells more."


def _stolen(view: View) -> Iterator[str]:
    for course in view.judged.cases:
        if is_much_stolen_from(course):
            kept = course.rounds_spoiled - len(course.dropped)
            counted = f", and {kept} of these had to be counted" if kept else ""
            yield (
                f"In {course.case}, other guests took the processor in {course.rounds_spoiled} of "
                f"{course.rounds} rounds{counted}: run it again at a quieter hour. "
                "whichext doctor tells how much is stolen now."
            )


def _unlike_twin(view: View) -> Iterator[str]:
    """Two copies of one piece of code whose interval keeps clear of 1 by more than a tie."""
    for case in view.raw.cases:
        ratio = unlike_twin(view.cases[case.name].judged)
        if ratio is not None:
            yield (
                f"In {case.name}, two copies of the same code differ ({ratio}): do not act on "
                "differences of that size."
            )


def _threads(view: View) -> Iterator[str]:
    by_name = {c.name: c for c in view.raw.contestants if c.role is not Role.LIMIT}
    for timing in view.raw.timings:
        contestant = by_name.get(timing.contestant)
        busy = busy_threads(timing)
        if contestant is None or not busy:
            continue
        if busy != contestant.threads:
            threads = "1 thread" if contestant.threads == 1 else f"{contestant.threads} threads"
            seen = "1 was" if busy == 1 else f"{busy} were"
            yield f"{timing.contestant} was to use {threads} in {timing.case}, and {seen} busy."
