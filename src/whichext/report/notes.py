"""The notes of every report: where it was measured, and what makes it doubtful."""

from __future__ import annotations

from collections.abc import Collection

from whichext.model import __version__
from whichext.model.contestant import WORKING
from whichext.model.finding import named_in
from whichext.model.inline import Style, argument, call, code, foreign, mark, strong
from whichext.model.insight import (
    AnswersRemembered,
    AnswersUncompared,
    BeyondLimit,
    FindingSpoils,
    ForkHazard,
    Happened,
    MeasuredElsewhere,
    ResultWarning,
    RunStopped,
    ThreadsUnlikeAsked,
    TimeStolen,
    TwinDiffers,
)
from whichext.model.raw import Machine, Revision
from whichext.model.units import percent_text, size_text
from whichext.model.view import View
from whichext.report.document import Block, Heading, Lines, Paragraph, capital, codes
from whichext.report.findings import SEVERITIES, finding_words
from whichext.toolchains.zig import COMPILES, NAME, PACKAGE

_HASH_DIGITS = 12
_HAPPENED = {
    Happened.WRONG: "the answer is wrong",
    Happened.CRASHED: "it crashes",
    Happened.TIMED_OUT: "it hangs",
}


def head_blocks(view: View, *more: str) -> tuple[Block, ...]:
    """The question, the machine, and the command with when it began; then the other notes."""
    title = f"{code(view.raw.kernel)}: {foreign(view.raw.question)}"
    began = f"{view.raw.started_at}  $ {code(view.raw.command)}"
    revisions = map(_revision, view.raw.revisions)
    lines = (machine_text(view), began, *revisions, *_compiled_by_zig(view), *more)
    return Heading(title, level=1), Paragraph("\n".join(lines))


def _compiled_by_zig(view: View) -> list[str]:
    """Which zig compiled in the place of the machine's own compiler, if it did."""
    found = {name for one in view.raw.evidence for name in one.compilers}
    zigs = sorted(name for name in found if name.startswith(f"{NAME} "))
    return [f"{COMPILES}: compiled by {foreign(name)}, of the package {PACKAGE}" for name in zigs]


def _revision(revision: Revision) -> str:
    """Which commit a project at a revision is."""
    project, commit = code(revision.project), (revision.commit or "")[:_HASH_DIGITS]
    if revision.name != WORKING:
        return f"{project}: commit {commit}"
    if not commit:
        return f"{project}: the folder as it is, of which git has no commit"
    since = "with changes since" if revision.changed else "without changes since"
    return f"{project}: the folder as it is, {since} commit {commit}"


def machine_text(view: View) -> str:
    """The machine, its Python and this program, on one line."""
    raw, machine = view.raw, view.raw.machine
    numpy = None if machine.numpy is None else f"NumPy {machine.numpy}"
    by = raw.measured_by or f"whichext {raw.whichext_version}"
    parts = (hardware_text(machine), machine.system, machine.python, numpy, by)
    return foreign(", ".join(filter(None, parts)))


def hardware_text(machine: Machine) -> str:
    """What a machine is, whatever runs on it."""
    cores = f"{machine.cores} {'core' if machine.cores == 1 else 'cores'}"
    known = filter(None, (cores, machine.isa, "virtual" if machine.virtual else None))
    memory = "" if machine.memory_bytes is None else f", {size_text(machine.memory_bytes)}"
    return f"{machine.cpu} ({', '.join(known)}){memory}"


def warning_blocks(view: View, named: Collection[str] | None = None) -> tuple[Block, ...]:
    """What makes the whole result doubtful, above all else; nothing where it is not.

    Args:
        view: The result.
        named: Names of the contestants that a reader asks for; None for all of them.

    """
    return warned(warnings(view, named))


def warnings(view: View, named: Collection[str] | None = None) -> list[str]:
    """What makes the whole result doubtful, most serious first; empty when nothing does."""
    found = [one for one in view.judged.warnings if not isinstance(one, ForkHazard)]
    return altered(view) + [_warning(view, one) for one in found if _concerns(view, one, named)]


def altered(view: View) -> list[str]:
    """That a file says other verdicts than its samples give; empty where it does not."""
    what = view.altered_verdict
    return [] if what is None else [altered_text(what, view.raw.whichext_version)]


def altered_text(what: str, version: str) -> str:
    """What a file says otherwise, and why it may."""
    since = (
        "It was changed after it was written"
        if version == __version__
        else f"whichext {foreign(version)} wrote it, and this is {__version__}"
    )
    return (
        f"The file does not say what its samples give, as is shown here: {foreign(what)}. {since}."
    )


def _concerns(view: View, warning: ResultWarning, named: Collection[str] | None) -> bool:
    about = _about(view, warning)
    return named is None or not about or not about.isdisjoint(named)


def _about(view: View, warning: ResultWarning) -> frozenset[str]:
    """The contestants that a warning is about; empty where it is about the race."""
    match warning:
        case FindingSpoils():
            return frozenset(named_in(view.raw.findings[warning.finding]))
        case ThreadsUnlikeAsked():
            return frozenset({warning.contestant})
        case AnswersRemembered() | BeyondLimit() | ForkHazard():
            return frozenset(warning.contestants)
        case _:
            return frozenset()


def race_warnings(view: View) -> list[str]:
    """The same without what the audit found."""
    found = view.judged.warnings
    of_race = (one for one in found if not isinstance(one, FindingSpoils | ForkHazard))
    return altered(view) + [_warning(view, one) for one in of_race]


def hazards(view: View) -> list[str]:
    """What may happen to users of a contestant, and did not exclude it from the race."""
    return [_warning(view, one) for one in view.judged.warnings if isinstance(one, ForkHazard)]


def left_out_text(view: View) -> str:
    """Which arguments of the cases no drawn input has."""
    names = codes(view.raw.left_out)
    return (
        f"Drawn inputs leave out {names}, which cases give: no other values of it were tried. "
        f"Next: add a strategy to {code('arguments')}."
    )


def kept_unseen(view: View) -> list[str]:
    """The cases in which an answer that is kept from an earlier call is a right one."""
    where = ", ".join(map(code, view.raw.unchanging))
    said = (
        f"In {where}, no change between two calls was found that changes the answer. One that is "
        "kept from an earlier call passes as right there: only times can show it."
    )
    return [said] if where else []


def noise(view: View) -> str:
    """The noise floor in one sentence."""
    found = view.judged.noise
    if found is None or found.floor is None:
        return "No A/A twin raced, so the noise of this race is not known."
    lost = stolen_rounds(found.spoiled, found.dropped, found.rounds)
    few = any(case.noise_needs for case in view.cases.values())
    as_far = ", as far as few epochs tell" if few else ""
    return (
        f"Noise floor: a second copy of {code(found.original)} came within "
        f"{found.floor:.1%} of it in every case{as_far}. {lost}"
    )


def stolen_rounds(spoiled: int, dropped: int, rounds: int) -> str:
    """How many rounds went for stolen time, and how many more should have gone."""
    kept = f"; {spoiled - dropped} more were spoiled and had to stay" if spoiled > dropped else ""
    return f"Dropped for stolen time: {dropped} of {rounds} rounds{kept}."


def limit_kind(view: View) -> str:
    """What the share of the limit refers to."""
    in_c, by_numpy = "in C, 8 streams a thread", "by NumPy, since the C reader was not built"
    reader = in_c if view.limit_is_native else by_numpy
    return f"limit: the inputs read once ({reader}), the output not written"


def _warning(view: View, warning: ResultWarning) -> str:
    match warning:
        case MeasuredElsewhere():
            return _elsewhere_text(warning)
        case RunStopped():
            return (
                f"The run ended before it was done: {warning.reason}. "
                f"Continue with the same arguments and {argument('resume', 'FILE')}, where "
                f"{argument('save', 'FILE')} was given."
            )
        case FindingSpoils():  # why, and what to do, is below the tables
            found = view.raw.findings[warning.finding]
            severity = capital(SEVERITIES[found.severity])
            return f"{severity}: {finding_words(found).what}. {call('audit')} has the details."
        case TimeStolen():
            return _stolen_text(warning)
        case TwinDiffers():
            where, ratio = code(warning.case), warning.ratio
            return (
                f"In {where}, two copies of the same code differ ({ratio}): do not act on "
                "differences of that size."
            )
        case ThreadsUnlikeAsked():
            threads = "1 thread" if warning.asked == 1 else f"{warning.asked} threads"
            seen = "1 was" if warning.busy == 1 else f"{warning.busy} were"
            who, where = code(warning.contestant), code(warning.case)
            return f"{who} was to use {threads} in {where}, but {seen} busy{_too_many(warning)}."
        case AnswersUncompared():
            where = ", ".join(map(code, warning.cases))
            return (
                f"The answers of timed calls were not compared in {where}: one more would take "
                "over a quarter of the free memory. Free some, or choose smaller cases."
            )
        case AnswersRemembered():
            who, where = ", ".join(map(code, warning.contestants)), code(warning.case)
            return (
                f"In {where}, {who}: calls on what was seen before take less than a third of the "
                "time. The race timed how fast an answer is found again: compare it with what it "
                "remembers switched off."
            )
        case ForkHazard():
            names = ", ".join(map(code, warning.contestants))
            return (
                f"In a forked child, after a call in its parent, {_HAPPENED[warning.happened]}: "
                f"{names}. With multiprocessing, use the start method 'spawn'."
            )
        case BeyondLimit():
            return _beyond_limit_text(warning)


def _elsewhere_text(warning: MeasuredElsewhere) -> str:
    return (
        f"Measured by {foreign(warning.program)}: one benchmark after the other in one process, so "
        "that each ratio has the drift of the machine and the luck of one process in it. No "
        "interval can be had from that, and no verdict. Answers, builds and identical code were "
        f"not checked. Race the same functions with {call('compare', 'MODULE:F', 'MODULE:G')} for "
        "a verdict."
    )


def _beyond_limit_text(warning: BeyondLimit) -> str:
    first, *others = warning.contestants
    share = percent_text(warning.of_limit.value)
    takes, does = f"a call of {code(first)} takes less time than reading its", "it does"
    if others:
        takes = f"calls of {code(first)} and {len(others)} more take less time than reading their"
        does = "they do"
    return (
        f"In {code(warning.case)}, {takes} inputs ({share} of the limit): {does} not do all of the "
        f"work, or {code('bytes_moved()')} of the kernel is wrong."
    )


def _too_many(warning: ThreadsUnlikeAsked) -> str:
    """Where threads have to wait for each other, how many there may be; else empty."""
    if warning.cores is None:
        return ""
    processors = f"{warning.cores} processor{'s' * (warning.cores != 1)}"
    if len(warning.pools) < 2:
        return f", on {processors}"
    times = " times ".join(f"{warning.asked} of {code(pool)}" for pool in warning.pools)
    return f", on {processors}: threads multiply, {times}. Next: leave one of them a single thread"


def _stolen_text(warning: TimeStolen) -> str:
    counted = f", and {warning.counted} of these had to be counted" if warning.counted else ""
    return (
        f"In {code(warning.case)}, other guests took the processor in {warning.spoiled} of "
        f"{warning.rounds} rounds{counted}: run it again at a quieter hour. "
        f"{call('doctor')} shows the steal time now."
    )


def unfinished(view: View) -> tuple[Block, ...]:
    """What makes doubtful what ends before a race, such as that it did not come to its end."""
    found = altered(view)
    if view.raw.stopped is not None:
        problem = f"It ended before it was done: {foreign(view.raw.stopped)}."
        found.append(f"{problem} Next: do the same again, and let it finish.")
    return warned(found)


def warned(found: Collection[str]) -> tuple[Block, ...]:
    """Warnings as a reader sees them, a line each."""
    lines = tuple(strong(mark(Style.DOUBTFUL, f"WARNING: {warning}")) for warning in found)
    return (Lines(lines),) if lines else ()
