"""Texts of an audit's findings: what was found, why it matters, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle

from whichext.model.contestant import parse_name
from whichext.model.evidence import PythonCause
from whichext.model.finding import (
    CompilerUnseen,
    DebugSymbolsCounted,
    FactorContradicted,
    Finding,
    GilHeld,
    Group,
    LeavesFiles,
    LeavesThreads,
    NotOptimised,
    ObjectsUnseen,
    OpenMpMissing,
    ProcessChanged,
    PythonInLoop,
    RemembersContent,
    Sanitized,
    SetByEnvironment,
    SettingWithoutEffect,
    Severity,
    StartsProcesses,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeMath,
    UnlikeOptimisation,
    UnsafeUnexplained,
    WorksOn,
    WritesOutput,
    spoils,
)
from whichext.model.inline import Style, argument, code, foreign, mark, strong
from whichext.model.units import time_text
from whichext.report.build_words import FindingWords, math_words, unseen_words
from whichext.report.document import some
from whichext.report.environment_words import outside_words, without_variables
from whichext.report.process_words import (
    change_reason,
    change_remedy,
    change_text,
    left_remedy,
    left_text,
    output_text,
    processes_text,
)
from whichext.toolchains import cures, freeing, words
from whichext.toolchains.base import Topic

_MOST_NAMED = 3
_LONGEST_LINE = 60  # of a source that is quoted, in characters
_LITTLE = 0.2  # of a call
SEVERITIES = {
    Severity.AUTHOR: "kernel author's error",
    Severity.UNATTRIBUTABLE: "not attributable",
    Severity.WARNING: "warning",
}
"""A word or two for how serious a finding is."""


def finding_texts(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """A text for each finding, with the next step on a line of its own."""
    if not findings:
        return ("Nothing was found that spoils a comparison.",)
    return tuple(map(_text, findings))


def _text(finding: Finding) -> str:
    severity, said = f"{SEVERITIES[finding.severity]}:", finding_words(finding)
    head = strong(mark(Style.BAD, severity)) if spoils(finding) else severity
    return f"{head} {said.what}: {said.why}.\n  Next: {said.remedy}."


def finding_words(finding: Finding) -> FindingWords:
    """The text of a finding of any type."""
    match finding:
        case NotOptimised():
            return _not_optimised(finding)
        case UnlikeOptimisation() | UnlikeIsa() | UnlikeCompiler():
            return _unlike(finding)
        case SetByEnvironment() | SettingWithoutEffect():
            return outside_words(finding)
        case DebugSymbolsCounted():
            return _debug_symbols(finding)
        case OpenMpMissing():
            return _openmp_missing(finding)
        case Sanitized():
            return _sanitized(finding)
        case CompilerUnseen() | ObjectsUnseen():
            return unseen_words(finding)
        case UnlikeMath():
            return math_words(finding)
        case FactorContradicted():
            return _factor_contradicted(finding)
        case PythonInLoop() | GilHeld() | RemembersContent() | UnsafeUnexplained():
            return _in_code(finding)
        case WorksOn() | ProcessChanged() | WritesOutput():
            return _in_process(finding)
        case LeavesThreads() | LeavesFiles() | StartsProcesses():
            return _left_over(finding)


def _not_optimised(finding: NotOptimised) -> FindingWords:
    ignored = finding.told.endswith("ignored")
    counts = "" if ignored else ": the last one counts"
    flags = f" ({foreign(finding.told)}{counts})" if " " in finding.told else ""
    level = f"-O0{flags}" if finding.told else "no level of optimisation, which is -O0"
    where = f" in {_names(finding.sources)}" if finding.sources else ""
    others = [f"{_some(group.builds)} with {group.setting}" for group in finding.beside]
    beside = f", but {', '.join(others)}" if others else ""
    native = argument("profiles", "native")
    under = {name.profile for one in finding.contestants if (name := parse_name(one)) is not None}
    otherwise = "" if "native" in under else f" (or run with {native})"
    cure = f"ask for -O2 or more in the project's build files{otherwise}"
    if finding.inherited:
        cure = f"{without_variables(finding.inherited)}; if it is the same then, {cure}"
    return FindingWords(
        what=f"{_names(finding.contestants)}: built with {level}{where}{beside}",
        why="a ratio between them says as much about the flags as about the code",
        remedy="compare it with the same entry under another profile, and with nothing else"
        if finding.declared
        else "build it with a compiler that optimises"
        if ignored
        else cure,
    )


def _unlike(finding: UnlikeOptimisation | UnlikeIsa | UnlikeCompiler) -> FindingWords:
    groups = "; ".join(map(_group, finding.groups))
    match finding:
        case UnlikeOptimisation():
            return FindingWords(
                what=f"different optimisation levels: {groups}",
                why="a difference may come from the flags, not from the code",
                remedy=f"set the same level in their build files, or {words(Topic.LEVEL)}",
            )
        case UnlikeIsa():
            native = argument("profiles", "native")
            return FindingWords(
                what=f"different target processors: {groups}",
                why="wider vectors may make the difference, and such a wheel does not run "
                "everywhere",
                remedy=f"leave out {words(Topic.PROCESSOR)} and the like, or run all with {native}",
            )
        case UnlikeCompiler():
            one = f"build all with one: {words(Topic.COMPILER)} before the command"
            setting = argument("factors", words(Topic.OTHER_COMPILER))
            other = f"race it with {setting} too: {words(Topic.SHARING)}"
            return FindingWords(
                what=f"different compilers: {groups}",
                why="a difference may come from the code generator, not from the source",
                remedy=one if finding.one_language else other,
            )


def _debug_symbols(finding: DebugSymbolsCounted) -> FindingWords:
    share = f"{finding.share:.0%} of {_names(finding.files)}"
    return FindingWords(
        what=f"{code(finding.build)}: {share} is symbols for a debugger",
        why="the size of the wheel counts them; times do not change",
        remedy=f"compare sizes only after {words(Topic.DEBUGGING)}",
    )


def _openmp_missing(finding: OpenMpMissing) -> FindingWords:
    who, asked = _names(finding.contestants), _names(finding.asked_by)
    return FindingWords(
        what=f"{who}: {asked} asked for OpenMP, and it is not there",
        why=f"compilers turn {words(Topic.ASKING)} into plain loops without warning: one thread "
        "works",
        remedy=f"add {words(Topic.LINKING)}",
    )


def _sanitized(finding: Sanitized) -> FindingWords:
    sanitizers, checked = ", ".join(finding.sanitizers), argument("profiles", "checked")
    return FindingWords(
        what=f"{_names(finding.contestants)}: built with sanitizers ({sanitizers})",
        why="they take most of the time, and the other builds have none",
        remedy=f"leave out {words(Topic.SANITIZING)}; {checked} has the price of checks by itself",
    )


def _factor_contradicted(finding: FactorContradicted) -> FindingWords:
    declared = code(f'{finding.factor} = "{finding.declared}"')
    seen, factor = foreign(finding.seen), code(f"factors.{finding.factor}")
    return FindingWords(
        what=f"{_names(finding.contestants)}: declared {declared}, built with {seen}",
        why="differences would be attributed to a factor that does not differ as declared",
        remedy=f"fix {factor} in the project's pyproject.toml, or its build files",
    )


def _in_code(
    finding: PythonInLoop | GilHeld | RemembersContent | UnsafeUnexplained,
) -> FindingWords:
    """Findings about the code itself, whatever its compiler."""
    match finding:
        case PythonInLoop():
            return _python_in_loop(finding)
        case GilHeld():
            return FindingWords(
                what=f"{_names(finding.contestants)}: {_kept(finding)}",
                why="threads and Dask gain nothing from calling it"
                if finding.free < _LITTLE
                else "threads and Dask gain less from calling it than they could",
                remedy=freeing(finding.toolchains),
            )
        case RemembersContent():
            return FindingWords(
                what=f"{_names(finding.contestants)}: remembers answers by content: calls on what "
                "it has seen before take less than a third of the time",
                why="a race calls it with the same input again, and times how fast it finds an "
                "answer that it has",
                remedy="compare it with what it remembers switched off",
            )
        case UnsafeUnexplained():
            number = f"{len(finding.unexplained)} of {finding.places} unsafe places"
            where = _some(finding.unexplained)
            return FindingWords(
                what=f"{code(finding.build)}: {number} without SAFETY: ({where})",
                why="without a stated reason, the code may read memory that it must not read",
                remedy=f"state above each what makes it safe, in {words(Topic.REASONING)}",
            )


def _python_in_loop(finding: PythonInLoop) -> FindingWords:
    texts = finding.texts or ("",) * len(finding.lines)
    lines = _some(tuple(map(_quoted, finding.lines, texts)))
    function = code(f"{finding.function}()")
    who = _names(finding.contestants) or f"{code(finding.build)}: {function}"
    named = [parse_name(name) for name in finding.contestants]
    own = all(name and name.entry.endswith(f".{finding.function}") for name in named)
    loop, why = _loop_words(finding.outer)
    causes = finding.causes or (PythonCause.TYPE,)
    # In results of older versions, each reason is there once, whatever line it is of.
    said = finding.texts if len(finding.texts) == len(causes) else ("\n".join(finding.texts),)
    return FindingWords(
        what=f"{who}: {loop} calls Python{'' if own else f' in {function}'} at {lines} "
        f"({_some(finding.calls)})",
        why=why,
        remedy=f"{cures(zip(causes, cycle(said), strict=False))}, until {words(Topic.TYPING)}",
    )


def _loop_words(outer: bool) -> tuple[str, str]:
    """Which loop calls Python, and why that matters."""
    if outer:
        return (
            "an outer loop",
            "each of its iterations, such as one for each row, then costs what Python costs; that "
            "counts where the inner loops are short",
        )
    return (
        "the loop",
        "each iteration then costs what Python costs, and a ratio says nothing about "
        "compiled loops",
    )


def _quoted(line: str, text: str) -> str:
    """A line's place with what it says, shortened."""
    short = text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 3]}..."
    return f"{line}: {short}" if short else line


def _kept(finding: GilHeld) -> str:
    if not finding.free:
        return "keeps the GIL during the whole call"
    return f"keeps the GIL, and other threads could run during {finding.free:.0%} of the call"


def _in_process(finding: WorksOn | ProcessChanged | WritesOutput) -> FindingWords:
    """Findings about the process, whatever the answer is."""
    who = _names(finding.contestants)
    match finding:
        case WorksOn(after_ns=after_ns, call_ns=call_ns):
            last, inside = "a call", "it"
            if finding.of_objects:
                last, inside = "the last call of a stream", "all of them"
            took = f"{time_text(after_ns)} of processor time after {time_text(call_ns)} in {inside}"
            return FindingWords(
                what=f"{who}: works on after {last} has returned ({took})",
                why="the clock of the race stops at the return, and misses that work",
                remedy="wait for the threads at the end of the call, or do the work in it; for a "
                "pool that spins on when it is idle, choose another waiting policy",
            )
        case ProcessChanged(change=change):
            what = f"{who}: {change_text(change)}"
            return FindingWords(what=what, why=change_reason(change), remedy=change_remedy(change))
        case WritesOutput(output=output):
            return FindingWords(
                what=f"{who}: {output_text(output, of_objects=finding.of_objects)}",
                why="writing takes time, more of it on a terminal than here",
                remedy="leave the output out, or out of what is compared",
            )


def _left_over(finding: LeavesThreads | LeavesFiles | StartsProcesses) -> FindingWords:
    """Findings about what calls start or open."""
    who = _names(finding.contestants)
    match finding:
        case LeavesThreads() | LeavesFiles():
            return FindingWords(
                what=f"{who}: {left_text(finding)}",
                why="each keeps its stack, and at some number the system refuses the next"
                if isinstance(finding, LeavesThreads)
                else "at some number the system refuses to open the next, of whatever code it is",
                remedy=left_remedy(finding),
            )
        case StartsProcesses(processes=processes):
            return FindingWords(
                what=f"{who}: {processes_text(processes)}",
                why="what they take of the processors and of the memory is not counted as its own",
                remedy="compare it by its time alone, or do the work in the process that calls",
            )


def _group(group: Group) -> str:
    return f"{_names(group.builds)}: {foreign(group.setting)}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(code, names))


def _some(names: tuple[str, ...]) -> str:
    return some([code(name) for name in names], _MOST_NAMED)
