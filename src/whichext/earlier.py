"""Going on from an earlier run: only where it measured the very same things."""

from __future__ import annotations

from whichext.errors import UsageError
from whichext.race import Race
from whichext.scorecard import Built, Scorecard


def find_earlier(earlier: Scorecard | None, now: Scorecard) -> Race:
    """What an earlier run measured that this one may go on from.

    Args:
        earlier: What the earlier run left; None when there was none.
        now: This run before its race.

    Raises:
        UsageError: The earlier run was of another kernel, machine or build.

    """
    if earlier is None:
        return Race()
    _same("kernel", earlier.kernel, now.kernel)
    _same("baseline", earlier.baseline, now.baseline)
    for name in ("cpu", "cores", "python", "numpy"):
        _same(name, getattr(earlier.machine, name), getattr(now.machine, name))
    builds = _keys(now)
    for place, key in _keys(earlier).items():
        if place in builds:
            _same(f"build of {place}", key, builds[place])
    cases = {case.name: case for case in now.cases}
    for case in earlier.cases:
        if case.name in cases:
            _same(f"case {case.name}", str(case), str(cases[case.name]))
    contestants = {contestant.name for contestant in now.contestants}
    order = {contestant.name: n for n, contestant in enumerate(now.contestants)}
    kept = [t for t in earlier.timings if t.case in cases and t.contestant in contestants]
    return Race(
        timings=tuple(sorted(kept, key=lambda timing: order[timing.contestant])),
        input_bytes={course.case: course.input_bytes for course in earlier.courses},
    )


def _keys(scorecard: Scorecard) -> dict[str, str]:
    return {
        f"{build.project} @{build.profile}": build.result.key
        for build in scorecard.builds
        if isinstance(build.result, Built)
    }


def _same(what: str, then: object, now: object) -> None:
    if then != now:
        raise UsageError(
            f"--resume: the earlier run had another {what}: expected {now}, got {then}",
            "run without --resume, since ratios from two different set-ups say nothing together",
        )
