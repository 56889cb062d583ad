"""What a command ends with, for scripts and CI.

0 nothing is wrong, or all claims hold; 1 something is wrong, or a claim is refuted; 2 it was asked
in a wrong way; 3 nothing could be built; 4 a claim is unresolved.
"""

from __future__ import annotations

from whichext.model.claim import Standing, worst
from whichext.model.contestant import Role
from whichext.model.finding import Severity, is_a_surprise
from whichext.model.outcome import (
    BuildFailed,
    Built,
    Crashed,
    Measured,
    NotApplicable,
    NotReached,
    NotRequested,
    Outcome,
    PackageAbsent,
    Right,
    TimedOut,
    ToolchainAbsent,
    Unsupported,
    Wrong,
)
from whichext.model.raw import Kind, Raw
from whichext.model.view import View

WRONG, NOTHING_BUILT, UNRESOLVED = 1, 3, 4

_STANDINGS = {Standing.HOLDS: 0, Standing.REFUTED: WRONG, Standing.UNRESOLVED: UNRESOLVED}


def exit_code(view: View) -> int:
    """The exit status that goes with a result."""
    if view.judged.selfcheck is not None:
        return 0 if view.judged.selfcheck.passed else WRONG
    if nothing_was_built(view.raw):
        return NOTHING_BUILT
    if view.judged.claims:
        return _STANDINGS[worst(claim.standing for claim in view.judged.claims)]
    if view.raw.kind is Kind.AUDIT:
        return WRONG if _is_a_bad_audit(view.raw) else 0
    if view.raw.stopped or any(f.severity is Severity.AUTHOR for f in view.raw.findings):
        return WRONG
    return WRONG if any(is_failure(row.outcome) for row in view.judged.rows) else 0


def nothing_was_built(raw: Raw) -> bool:
    """Whether there is nothing behind a result but the reference."""
    asked = {c.project for c in raw.contestants if c.role is Role.ENTRY}
    results = [build.result for build in raw.builds if build.project in asked]
    return bool(results) and not any(isinstance(result, Built) for result in results)


def is_failure(outcome: Outcome) -> bool:
    """Whether an outcome alone makes a run end with 1."""
    match outcome:
        case BuildFailed() | Crashed() | TimedOut() | Wrong():
            return True
        case Built() | Right() | Measured() | Unsupported():
            return False
        case ToolchainAbsent() | PackageAbsent() | NotApplicable():
            return False
        case NotReached() | NotRequested():
            return False


def _is_a_bad_audit(raw: Raw) -> bool:
    failed = any(isinstance(build.result, BuildFailed) for build in raw.builds)
    absent = any(one.import_ns is None for one in raw.probes)  # no module or no such function
    return failed or absent or any(map(is_a_surprise, raw.findings))
