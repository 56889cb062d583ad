"""What threads bring: parallel efficiency, against the best that one thread can do."""

from __future__ import annotations

from whichext.judge.ratios import direct_ratio
from whichext.model.contestant import Role
from whichext.model.outcome import Measured
from whichext.model.raw import Timing
from whichext.model.view import View


def efficiency(
    view: View,
    case: str,
    measured: list[tuple[str, Measured]],
    timings: dict[str, Timing],
) -> str:
    """One sentence on a case's parallel contestants; empty where there are none, or none serial.

    Efficiency is the best serial contestant's time over (threads x the parallel one's). Held
    against one thread of the parallel code itself, a slow kernel would look good for scaling well.

    Args:
        view: Who has how many threads.
        case: Name of the case.
        measured: Contestants of the case with what was measured, fastest first.
        timings: Their samples.

    """
    by_name = {c.name: c for c in view.raw.contestants if c.role in (Role.ENTRY, Role.REFERENCE)}
    racing = [by_name[name] for name, _ in measured if name in by_name]
    serial = next((contestant for contestant in racing if contestant.threads == 1), None)
    if serial is None:
        return ""
    noise, confidence = view.cases[case].noise, view.judged.confidence
    ratios = {
        one: direct_ratio(timings[serial.name], timings[one.name], confidence, noise)
        for one in racing
        if one.threads > 1
    }
    found = [
        f"{one.name} {ratio.scaled(1 / one.threads)}"
        for one, ratio in ratios.items()
        if ratio is not None
    ]
    if not found:
        return ""
    return (
        f"Parallel efficiency against the best serial contestant, {serial.name}: "
        f"{', '.join(found)}."
    )
