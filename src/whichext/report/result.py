"""`Result`, what every verb of Python returns, and the exit status of a result.

0: nothing is wrong, or all claims hold. 1: something is wrong, also what a claim names, or a claim
is refuted. 2: misuse of the command. 3: nothing could be built. 4: a claim is unresolved.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from whichext.judge.ratios import direct_ratio
from whichext.judge.tails import tail_ratio
from whichext.load.asked import path_of
from whichext.model.check import Check, Memory
from whichext.model.claim import ClaimResult, Standing, worst
from whichext.model.contestant import Role
from whichext.model.errors import UnknownNameError, UsageError
from whichext.model.finding import Severity, is_a_surprise
from whichext.model.inline import argument
from whichext.model.outcome import (
    FEWEST_TAIL_CALLS,
    BuildFailed,
    Built,
    Crashed,
    Fault,
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
from whichext.model.ratio import Ratio
from whichext.model.raw import Kind, Raw, Timing
from whichext.model.view import CaseView, View
from whichext.report import page_of, render, result_file
from whichext.report.frames import TABLES
from whichext.report.html import render_fragment
from whichext.report.naming import find_case
from whichext.report.plots import KINDS, plot_of
from whichext.report.plots.canvas import joined

WRONG, NOTHING_BUILT, UNRESOLVED = 1, 3, 4

_COMPARED = (Role.REFERENCE, Role.ENTRY)
_MOST_NAMES = 4
STATUSES = {Standing.HOLDS: 0, Standing.REFUTED: WRONG, Standing.UNRESOLVED: UNRESOLVED}
"""The exit status that goes with what may be said of all claims together."""


def exit_code(view: View) -> int:
    """The exit status that goes with a result."""
    if view.judged.selfcheck is not None:
        return 0 if view.judged.selfcheck.passed else WRONG
    if view.raw.stopped is not None and not view.judged.claims:
        return WRONG
    if nothing_was_built(view.raw):
        return NOTHING_BUILT
    if view.judged.claims:
        if any(claim.is_broken for claim in view.judged.claims):
            return WRONG  # no longer race would resolve it
        return STATUSES[worst(claim.standing for claim in view.judged.claims)]
    wrong = _is_a_bad_audit(view.raw) if view.raw.kind is Kind.AUDIT else _is_a_bad_run(view)
    return WRONG if wrong else 0


def nothing_was_built(raw: Raw) -> bool:
    """Whether no entry could be built, so that the result holds only the reference."""
    if raw.entries == ():
        return raw.kind is not Kind.SELFCHECK
    entries = [c for c in raw.contestants if c.role is Role.ENTRY]
    if any(c.project is None and c.entry in (raw.entries or ()) for c in entries):
        return False  # a function, for which nothing is built
    asked = {c.project for c in entries}
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


def _is_a_bad_run(view: View) -> bool:
    author = any(finding.severity is Severity.AUTHOR for finding in view.raw.findings)
    return author or any(is_failure(row.outcome) for row in view.judged.rows)


def _is_a_bad_audit(raw: Raw) -> bool:
    failed = any(isinstance(build.result, BuildFailed) for build in raw.builds)
    absent = any(one.import_ns is None for one in raw.probes)  # no module or no such function
    return failed or absent or any(map(is_a_surprise, raw.findings))


@dataclass(frozen=True)
class Result(View):
    """The result of a verb.

    Attributes:
        raw: What was built, checked and measured; it never changes.
        judged: What follows from `raw`: ratios, verdicts, effects, insights, claims, a decision.

    """

    @property
    def kind(self) -> Kind:
        """The verb that made it, such as "run", "compare" or "check"."""
        return self.raw.kind

    @property
    def faults(self) -> tuple[Check, ...]:
        """The checks that failed: a wrong answer, no answer in time, or a crash."""
        kinds = get_args(Fault)
        return tuple(check for check in self.raw.checks if isinstance(check.result, kinds))

    @property
    def claims(self) -> tuple[ClaimResult, ...]:
        """The result of each claim, in the order of the claims."""
        return self.judged.claims

    @property
    def exit_code(self) -> int:
        """The exit status of the command: 0 if nothing is wrong, else 1, 3 or 4."""
        return exit_code(self)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong, refuted or unresolved: `exit_code` is 0."""
        return self.exit_code == 0

    def ratio(self, a: str, b: str | None = None, case: str | int | None = None) -> Ratio:
        """Time of one contestant over that of another in a case.

        Args:
            a: Name of a contestant that was raced.
            b: Name of the contestant to compare it with; by default the baseline.
            case: Name of the case, or its size where that is all there is of it; may be omitted if
                there is only one.

        Raises:
            UsageError: A name is not in this result, or the two did not race each other.

        """
        found = find_case(self.cases, case)
        b = self.raw.baseline if b is None else b
        one, other = self._raced(found, a, b)
        if a in found.measured and b == found.judged.baseline:
            return found.measured[a].ratio
        ratio = direct_ratio(one, other, self.judged.confidence, found.noise)
        if ratio is None:
            raise UsageError(
                argument("a", a),
                "ask for two that raced in the same rounds",
                expected=f"a contestant that raced against {b} in {found.case.name}",
                got="one that shares no round with it",
            )
        return ratio

    def tail(self, a: str, b: str | None = None, case: str | int | None = None) -> Ratio:
        """Tail latency of one contestant over that of another, in a case with several callers.

        Args:
            a: Name of a contestant that was raced.
            b: Name of the contestant to compare it with; by default the baseline.
            case: Name of the case, or its size where that is all there is of it; may be omitted if
                there is only one.

        Raises:
            UsageError: A name is not in this result, one thread called in the case, or one of the
                two made too few calls.

        """
        found = find_case(self.cases, case)
        one, other = self._raced(found, a, self.raw.baseline if b is None else b)
        ratio = tail_ratio(one, other, found.tail_noise)
        if ratio is None:
            alone = found.case.callers == 1
            raise UsageError(
                argument("case", found.case.name),
                "give its Case callers=4, and race again" if alone else "race for longer",
                expected=f"at least {FEWEST_TAIL_CALLS} calls from several threads at once of each "
                "of the two, in rounds that both took part in",
                got="one caller" if alone else "fewer",
            )
        return ratio

    def leaders(self, case: str | int | None = None) -> tuple[str, ...]:
        """The fastest contestant of a case, and the contestants not shown to be slower.

        Args:
            case: Name of the case, or its size where that is all there is of it; may be omitted if
                there is only one.

        Raises:
            UsageError: There is no such case.

        """
        leaders = find_case(self.cases, case).judged.leaders
        return () if leaders is None else leaders.names

    def memory(self, name: str, case: str | int | None = None) -> Memory | None:
        """What a call of a contestant takes of the memory in a case; None if not measured.

        Args:
            name: Name of a contestant.
            case: Name of the case, or its size where that is all there is of it; may be omitted if
                there is only one.

        Raises:
            UsageError: A name is not in this result.

        """
        found = find_case(self.cases, case)
        if name not in self.contestants:
            problem = "is no contestant of this result"
            raise UnknownNameError("name", name, problem, list(self.contestants))
        return found.memory.get(name)

    def save(self, path: str | Path) -> None:
        """Write the result to a JSON file, completely or not at all.

        Raises:
            ResultNotWrittenError: It could not be written.

        """
        result_file.write(self, path_of("path", path))

    def plot(self, kind: str = "speedup") -> Any:
        """One of the plots of the report as an Altair chart, which a notebook shows.

        Args:
            kind: "speedup", "wins", "ladder", "crossover", "threads", "roofline", "samples" or
                "cost".

        Raises:
            UsageError: There is no such kind, the result has nothing to show in it, or Altair and
                vl-convert are not installed.

        """
        if kind not in KINDS:
            raise UnknownNameError("kind", kind, "is no kind of plot", list(KINDS))
        return joined(plot_of(self, kind).draw())

    def to_pandas(self, table: str = "rows") -> Any:
        """A table of the result as a pandas DataFrame.

        Args:
            table: "rows" for one row of each case and contestant, with the case's parameters, the
                ratio and its interval; "samples" for every turn of the race, with times in ns, and
                whether a ratio rests on it.

        Raises:
            UsageError: There is no such table, or pandas is not installed.

        """
        if table not in TABLES:
            raise UnknownNameError("table", table, "is no table of a result", list(TABLES))
        try:
            import pandas
        except ImportError as error:
            what, next_step = "pandas", "pip install pandas"
            raise UsageError(what, next_step, expected="it installed", got="no package") from error
        return pandas.DataFrame(list(TABLES[table](self)))

    def __repr__(self) -> str:
        """What it is, in short: a notebook shows it where something else is asked for."""
        what = self.raw.kernel
        if self.kind is Kind.COMPARE:
            compared = [c.entry for c in self.raw.contestants if c.role in _COMPARED]
            what = ", ".join(compared[:_MOST_NAMES] + ["..."] * (len(compared) > _MOST_NAMES))
        return f"<{self.kind} of {what}, {self.raw.started_at}: print it for its report>"

    def __str__(self) -> str:
        """The report as text."""
        return render(self)

    def _repr_html_(self) -> str:
        """The report for a notebook."""
        return render_fragment(page_of(self))

    @classmethod
    def kept(cls, view: View, path: str | Path | None) -> Result:
        """The result of a verb, written to a file if a path is given."""
        found = cls(view.raw, view.judged, view.altered)
        if path is not None:
            found.save(path)
        return found

    @staticmethod
    def _raced(found: CaseView, a: str, b: str) -> tuple[Timing, Timing]:
        """The timings of the two in a case in which neither was wrong."""
        right = [n for n in found.timings if not isinstance(found.outcomes.get(n), Wrong)]
        for name, value in (("a", a), ("b", b)):
            if value not in right:
                what = "answered wrongly" if value in found.timings else "did not race"
                raise UnknownNameError(name, value, f"{what} in {found.case.name}", right)
        return found.timings[a], found.timings[b]
