"""Reports of kernels, of the doctor and of a self-check."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping

from whichext.model.inline import Style, call, code, foreign, mark, strong
from whichext.model.judged import FEWEST_CELLS, MOST_EXCLUDED, MOST_MISCALLED, SelfCheck
from whichext.model.kernel import Kernel
from whichext.model.options import DEFAULT_SET
from whichext.model.sets import sets_of
from whichext.report.document import Column, Document, Heading, Lines, Table, columns
from whichext.report.field import called_by
from whichext.report.notes import stolen_rounds
from whichext.system.doctor import Level, MachineNote


def kernel_document(kernel: Kernel) -> Document:
    """A kernel with its question, its cases and its entries."""
    title = f"{code(kernel.name)}: {foreign(kernel.question)}"
    return Document((Heading(title, level=1), _cases(kernel), _entries(kernel)))


def _cases(kernel: Kernel) -> Table:
    in_the_field = any(case.callers > 1 or case.forked for case in kernel.cases)
    rows = tuple(
        (
            code(case.name),
            foreign(case.family or ""),
            foreign(case.text),
            *([called_by(case)] if in_the_field else []),
            foreign(case.summary),
        )
        for case in kernel.cases
    )
    called = ["called by"] if in_the_field else []
    titles = ("case", "family", "input", *called, "what it shows")
    return Table(columns(*titles), rows)


def _entries(kernel: Kernel) -> Table:
    """All entries, with their sets where there is more than the default one."""
    several = tuple(sets_of(kernel)) not in ((), (DEFAULT_SET,))

    def of_sets(names: Iterable[str]) -> list[str]:
        return [", ".join(names)] * several

    what = "the reference; every ratio's default baseline"
    factors = _factors(kernel.reference_factors)
    reference = (code(kernel.reference_name), "-", *of_sets(("all",)), factors, what)
    entries = (
        (
            code(f"{project.module}.{entry.function}"),
            ", ".join(profile.name for profile in entry.profiles),
            *of_sets(entry.sets),
            _factors({"toolchain": project.toolchain, **entry.factors}),
            foreign(entry.summary),
        )
        for project in kernel.projects
        for entry in project.entries
    )
    functions = (
        (code(name), "-", *of_sets((DEFAULT_SET,)), "", foreign(_summary(function)))
        for name, function in kernel.functions.items()
    )
    titles = columns("entry", "profiles", *["sets"] * several, "factors", "what it is")
    return Table(titles, (reference, *entries, *functions))


def _summary(function: object) -> str:
    """The first line of what a function says of itself; of a lambda, that it is in Python."""
    told = inspect.getdoc(function) if getattr(function, "__doc__", None) else None
    return (told or "a function of kernel.py").splitlines()[0]


def _factors(factors: Mapping[str, str]) -> str:
    return foreign("\n".join(f"{name}: {value}" for name, value in sorted(factors.items())))


def doctor_document(notes: Iterable[MachineNote]) -> Document:
    """The notes, in their order, as a table."""
    titles = (
        Column("subject"),
        Column("found", widest=28),  # versions and paths need less room than the advice
        Column("level", whole=True),
        Column("what to do"),
    )
    rows = tuple(
        (foreign(note.subject), foreign(note.found), _level(note.level), note.advice)
        for note in notes
    )
    return Document((Table(titles, rows),))


def _level(level: Level) -> str:
    match level:
        case Level.GOOD:
            return mark(Style.GOOD, level)
        case Level.NOTE:
            return mark(Style.DOUBTFUL, level)
        case Level.WARNING:
            return strong(mark(Style.BAD, level))


def selfcheck_document(found: SelfCheck) -> Document:
    """The outcome of a self-check, what it means, and the next step."""
    lost = stolen_rounds(found.rounds_spoiled, found.rounds_dropped, found.rounds)
    return Document(
        (
            Lines(
                (
                    f"{found.cells} pairs of identical code were raced, {_interval(found)}.",
                    f"{found.excluded} intervals exclude 1 ({_allowed(found)}); {found.miscalled} "
                    "pairs were called faster or slower.",
                    f"{_noise_floor(found)}{lost}",
                    _outcome(found),
                )
            ),
        )
    )


def _interval(found: SelfCheck) -> str:
    if found.half_width is None:
        return "and none of their intervals is known"
    return f"with a median interval of ±{found.half_width:.1%}"


def _allowed(found: SelfCheck) -> str:
    share = "" if found.excluded_share is None else f"{found.excluded_share:.1%}; "
    return f"{share}95 % intervals may at 5 %, and up to {MOST_EXCLUDED:.0%} pass"


def _noise_floor(found: SelfCheck) -> str:
    if found.noise_floor is None:
        return ""
    return (
        f"Noise floor of this machine: {found.noise_floor:.1%} (95 % of the ratios were closer "
        "to 1). "
    )


def _outcome(found: SelfCheck) -> str:
    if found.passed:
        passed = strong(mark(Style.GOOD, "passed"))
        return f"{passed}: a verdict of a race on this machine may be believed."
    if not found.conclusive:
        inconclusive = strong(mark(Style.DOUBTFUL, "inconclusive"))
        return f"{inconclusive}: {_inconclusive(found)}"
    failed = strong(mark(Style.BAD, "FAILED"))
    return (
        f"{failed}: more than {MOST_EXCLUDED:.0%} of the intervals exclude 1, or more than "
        f"{MOST_MISCALLED:.0%} of the pairs were called faster or slower. Do not act on verdicts "
        f"from this machine now. Next: {call('doctor')} tells what disturbs it."
    )


def _inconclusive(found: SelfCheck) -> str:
    if found.stopped:
        return (
            f"the check ended after {found.cells} of {found.asked} pairs: "
            f"{foreign(found.stopped)}. Next: {call('selfcheck')}, and let it finish."
        )
    return (
        f"expected at least {FEWEST_CELLS} pairs, got {found.cells}, of which "
        f"chance alone may make one look different. Next: {call('selfcheck', cells=100)}."
    )
