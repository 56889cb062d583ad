"""Builds as reports name them: when and why they were made, and what the cache holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from whichext.model.cache import CachedBuild, Explained, KeptRun, Pruned
from whichext.model.evidence import Compiling
from whichext.model.inline import argument, code, foreign
from whichext.model.key import How, KeyChange, PartKind
from whichext.model.outcome import Built
from whichext.model.raw import Build
from whichext.model.units import size_text, time_text
from whichext.model.view import View
from whichext.report.document import Block, Column, Document, Lines, Paragraph, Table, codes, listed
from whichext.report.environment_words import shown
from whichext.report.outcome_words import reason_text

_MOST_CHANGES = 4
_NO_PROJECT = "-"
_RUN = "unfinished run"
_GIVEN = {
    "isolation": "builds are isolated, or no longer",
    "place": "the project's place beside other files is another one",
    "settings": "the settings for backends are others",
    "version": "what git makes a version from is another",
}
"""What is said of an option of building, and of what a project sees besides files."""

COMPILED_WHEN_CALLED = (
    "Compiled when first called, in a new process with an empty cache, and in the next one"
)
"""What `compiling_text` tells of each entry."""
LINES_ARE = "no blank lines, comments, docstrings and tests, and no settings of the build"
"""What is not counted as code."""
_OURS = "whichext's own reader and harness ({})"


def build_blocks(view: View) -> Iterator[Block]:
    """A line for each build: its wheel, when it was made, and which flags were added."""
    ours = {one.project for one in view.raw.contestants if not one.answers}
    texts = tuple(
        _build(view, one, one.result, ours=one.project in ours)
        for one in view.raw.builds
        if isinstance(one.result, Built)
    )
    called = tuple(
        f"{code(one.contestant)} {compiling_text(one.compiling)}"
        for one in view.raw.probes
        if one.compiling is not None
    )
    if texts:
        yield Lines(texts, listed=True)
    if called:
        yield Paragraph(f"{COMPILED_WHEN_CALLED}: {'; '.join(called)}.")


def compiling_text(found: Compiling) -> str:
    """How long an entry took to compile, and a later process to load what was compiled."""
    from_cache = "" if found.load_ns is None else " from its cache"
    return f"{time_text(found.compile_ns)}, {load_text(found)}{from_cache}"


def load_text(found: Compiling) -> str:
    """How long it takes to load what was compiled, where it is kept."""
    return "not cached" if found.load_ns is None else time_text(found.load_ns)


def _inherited(view: View, build: Build) -> str:
    """The variables of the user's environment that had a say in a build."""
    is_of = (build.project, build.profile)
    found = [one for one in view.raw.evidence if (one.project, one.profile) == is_of]
    variables = tuple(variable for one in found for variable in one.inherited)
    return f", but {shown(variables)} of this environment" if variables else ""


def _build(view: View, build: Build, result: Built, *, ours: bool) -> str:
    name = code(f"{build.project} @{build.profile}")
    tools = ", ".join(f"{tool.name} {foreign(tool.version)}" for tool in result.tools)
    counted = f"{lines_text(result.code_lines)} lines of code, " * (result.code_lines is not None)
    return (
        f"{_OURS.format(name) if ours else name}: wheel {size_text(result.wheel_bytes)}, "
        f"{counted}{made_text(result)}; "
        f"flags: {_flags(result)}{_inherited(view, build)}; {tools}"
    )


def lines_text(lines: int | None) -> str:
    """A number of lines of code."""
    return "-" if lines is None else f"{lines:,}"


def _flags(result: Built) -> str:
    """What the profile set, and what it appended to whose calls."""
    variables = " ".join(f'{f.name}="{f.value}"' for f in result.environment)
    appended = (
        f"{code(' '.join(one.flags))} appended to {one.calls} call{'s' * (one.calls > 1)} of "
        f"{one.toolchain}"
        for one in result.appended
    )
    return ", ".join((*([code(variables)] if variables else ()), *appended)) or "none added"


def made_text(result: Built) -> str:
    """How long a build took; when it was made, if that was earlier; why, if it was made again."""
    took = f"built in {time_text(result.build_ns)}"
    if result.cached and result.made:
        return f"{took} on {_day(result.made)}"
    if result.because and not result.cached:
        return f"{took}, built again: {changes_text(result.because)}"
    return took


def history_texts(builds: Iterable[Build]) -> Iterator[str]:
    """Of builds from the cache, the day; of those that were made again, why."""
    for build in builds:
        result, name = build.result, code(f"{build.project} @{build.profile}")
        if isinstance(result, Built) and result.cached and result.made:
            yield f"{name} is in the cache since {_day(result.made)}."
        elif isinstance(result, Built) and result.because and not result.cached:
            yield f"{name} was built again: {changes_text(result.because)}."


def changes_text(changes: Iterable[KeyChange]) -> str:
    """In what a build differs from the closest earlier one."""
    texts = list(dict.fromkeys(map(_change, changes)))
    more = len(texts) - _MOST_CHANGES
    return listed([*texts[:_MOST_CHANGES], *([f"{more} more changes"] if more > 0 else [])])


def _change(change: KeyChange) -> str:
    name = code(change.name)
    match change.kind, change.how:
        case PartKind.VARIABLE, How.REMOVED:
            return f"{name} was set then"
        case PartKind.VARIABLE, _:
            shown = code(f"{change.name}={change.value}") if change.value else name
            then = "was not set then" if change.how is How.ADDED else "had another value then"
            return f"{shown} {then}"
        case PartKind.CONTENT | PartKind.OUTSIDE, _:
            happened = {How.ADDED: "is new", How.REMOVED: "is gone", How.CHANGED: "changed"}
            return f"{name} {happened[change.how]}"
        case PartKind.PROGRAM | PartKind.TOOL, _:
            happened = {
                How.ADDED: "was not there then",
                How.REMOVED: "is not there any more",
                How.CHANGED: "is another one",
            }
            return f"{name} {happened[change.how]}"
        case PartKind.TOLD, _:
            return f"the flags for {name} are others"
        case PartKind.GIVEN, _:
            return _GIVEN.get(change.name, f"{change.name} is another one")
        case PartKind.PROCESSOR, How.CHANGED:
            return "the processor is another one"
        case PartKind.PROCESSOR, _:
            return "code for this very processor is asked for, or no longer"
        case PartKind.PYTHON, _:
            return "Python is another one"
        case PartKind.FORMAT, _:
            return "another version of whichext made it"
    raise AssertionError(change.kind)


def cache_document(
    builds: tuple[CachedBuild, ...],
    folder: Path,
    remarks: tuple[str, ...] = (),
    runs: tuple[KeptRun, ...] = (),
) -> Document:
    """All that is in a cache.

    Args:
        builds: What there is.
        folder: Where it is.
        remarks: What may be done with it.
        runs: What is kept of runs on machines.

    """
    blocks: list[Block] = [Paragraph(f"{_total(builds, 'build')} in {code(folder)}")]
    if builds:
        titles = _columns("project", "profile", "size", "made (UTC)", "used", "folder")
        blocks.append(Table(titles, tuple(map(_row, builds))))
    if runs:
        blocks.append(Paragraph(f"{_total(runs, _RUN)} with {argument('cluster')}"))
        titles = _columns("kernel", "machine", "size", "written (UTC)", "now")
        blocks.append(Table(titles, tuple(map(_run_row, runs))))
    if builds or runs:
        blocks.append(Lines(remarks))
    return Document(tuple(blocks))


def _columns(*titles: str) -> tuple[Column, ...]:
    return tuple(
        Column(title, right=title in ("size", "used"), whole=title != "folder") for title in titles
    )


def _total(kept: Sequence[CachedBuild | KeptRun], what: str) -> str:
    """How many there are of them, and of which size."""
    return f"{_count(len(kept), what)} of {size_text(sum(one.size_bytes for one in kept))}"


def _run_row(run: KeptRun) -> tuple[str, ...]:
    return (
        code(run.kernel or _NO_PROJECT),
        codes(run.machines) or _NO_PROJECT,
        size_text(run.size_bytes),
        _moment(run.written),
        "races" if run.is_racing else f"waits for {argument('resume')}",
    )


def _row(build: CachedBuild) -> tuple[str, ...]:
    folder = foreign(build.folder) if build.usable else "cannot be found again"
    return (
        code(build.project or _NO_PROJECT),
        foreign(build.profile or _NO_PROJECT),
        size_text(build.size_bytes),
        _moment(build.made),
        _count(build.uses, "time"),
        folder,
    )


def pruned_document(gone: Pruned) -> Document:
    """What was removed."""
    killed = _count(gone.left_overs, "killed build")
    left = f", and what {killed} had left" if gone.left_overs else ""
    runs = [_total(gone.runs, _RUN)] if gone.runs else []
    return Document((Paragraph(f"Removed {listed([_total(gone.builds, 'build'), *runs])}{left}."),))


def explained_document(found: tuple[Explained, ...]) -> Document:
    """What would become of each build now, and why."""
    return Document((Lines(tuple(map(_explained, found)), listed=True),))


def _explained(one: Explained) -> str:
    name = code(f"{one.project} @{one.profile}")
    if one.missing is not None:
        return f"{name}: {reason_text(one.missing)}"
    if one.found is None:
        why = changes_text(one.because)
        return f"{name}: would be built{f' again: {why}' if why else ', for the first time'}"
    uses = one.found.uses
    used = f"used again {_count(uses, 'time')}" if uses else "not used again yet"
    why = changes_text(one.found.because)
    then = f". It was built again then: {why}" if why else ""
    return f"{name}: is in the cache, made on {_day(one.found.made)}, {used}{then}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _moment(when: str) -> str:
    return when.replace("T", " ").removesuffix("Z")


def _day(when: str) -> str:
    return when.partition("T")[0]
