"""What all exports have in common: what was measured in which case, and how that came about.

An export computes nothing of ours: times change their unit, ratios are those that were judged.
Rounds that were dropped are no valid samples and are in none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whichext.model.errors import UsageError
from whichext.model.inline import argument, call, legible
from whichext.model.outcome import Measured
from whichext.model.raw import Sample
from whichext.model.view import CaseView, View

NS_PER_S = 1e9

_PAIRED = (
    "Contestants took turns in the same rounds, in fresh processes for every epoch. A ratio is of "
    "turns of one round: it is not the quotient of two of these times."
)
_UNPAIRED = "Measured by {} one after the other: a ratio has no interval, and no verdict."


@dataclass(frozen=True)
class Series:
    """The times of a contestant in a case."""

    case: CaseView
    """The case."""
    contestant: str
    """Its name."""
    title: str
    """Kernel, case and contestant as one name: on one line, and no other one has it."""
    outcome: Measured
    """What was judged."""
    samples: tuple[Sample, ...]
    """Its turns in the order in which they were taken, without dropped rounds."""

    @property
    def times_s(self) -> list[float]:
        """Time of a call in each turn, s."""
        return [second(sample) for sample in self.samples]

    @property
    def is_baseline(self) -> bool:
        """Whether the ratios of its case refer to it."""
        return self.contestant == self.case.judged.baseline


def second(sample: Sample) -> float:
    """Time of a call in a turn, s."""
    return sample.wall_ns / sample.calls / NS_PER_S


def measured(view: View) -> list[Series]:
    """All that is compared and was measured, case by case.

    Raises:
        UsageError: It is the result of no race, or nothing was measured in it.

    """
    check_raced(view)
    found = list(_series(view))
    if not found:
        raise UsageError(
            "nothing was measured, so there is nothing to export",
            "see the report for what became of each contestant",
            where=view.raw.kernel,
        )
    return found


def check_raced(view: View) -> None:
    """Find out whether a result has ratios to export.

    Raises:
        UsageError: It is one of a verification, an audit or a self-check.

    """
    kind = view.raw.kind
    if not view.raw.raced or view.judged.selfcheck is not None:
        raise UsageError(
            argument("to"),
            f"make one with {call('run', 'KERNEL', save='FILE.json')}, or choose "
            f"{argument('to', 'text')}",
            expected="the result of a race",
            got=f"one of {call(kind)}, which compares no contestants",
        )


def compared(view: View) -> list[Series]:
    """The same without the baselines, whose ratio is 1 by definition.

    Raises:
        UsageError: Nothing else was measured.

    """
    found = [one for one in measured(view) if not one.is_baseline]
    if not found:
        raise UsageError(
            "nothing but the baseline was measured, so there is no ratio to export",
            "see the report for what became of each contestant",
            where=view.raw.kernel,
        )
    return found


def _series(view: View) -> Iterator[Series]:
    taken: set[str] = set()
    for case in view.cases.values():
        for contestant in view.competing:
            name, outcome = contestant.name, case.outcomes.get(contestant.name)
            if isinstance(outcome, Measured) and name in case.timings:
                title = _apart("/".join((view.raw.kernel, case.case.name, name)), taken)
                yield Series(case, name, title, outcome, case.timings[name].samples)


def _apart(text: str, taken: set[str]) -> str:
    """The text on one line and without control characters, numbered where it is taken already."""
    title = plain = one_line(text)
    number = 1
    while title in taken:
        number += 1
        title = f"{plain} ({number})"
    taken.add(title)
    return title


def one_line(text: str) -> str:
    """A stranger's text on one line, with a sign for each character that drives a terminal."""
    return " ".join(legible(text).split()) or "-"


def about(view: View) -> dict[str, str]:
    """Where it was measured, and what its ratios are: one line each."""
    raw, machine = view.raw, view.raw.machine
    by = raw.measured_by
    found = {
        "program": by or f"whichext {raw.whichext_version}",
        "command": raw.command,
        "started_at": raw.started_at,
        "machine": f"{machine.cpu}, {machine.cores} cores, {machine.system}",
        "python": machine.python,
        "ratios": _PAIRED if by is None else _UNPAIRED.format(by),
    }
    return {name: one_line(text) for name, text in found.items()}


def judgement(series: Series) -> dict[str, float | int | str | None]:
    """The ratio of a contestant as it was judged."""
    ratio = series.outcome.ratio
    return {
        "baseline": series.case.judged.baseline,
        "time_ratio": ratio.value,
        "low": ratio.low,
        "high": ratio.high,
        "epochs": ratio.epochs,
        "noise": ratio.noise,
        "verdict": str(ratio.verdict),
    }
