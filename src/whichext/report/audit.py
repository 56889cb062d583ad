"""An audit: how each project was compiled, what is in its wheel, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from whichext.model.evidence import Evidence, Function, Library, Probe, Settings
from whichext.model.inline import code, foreign
from whichext.model.outcome import Built
from whichext.model.raw import Build
from whichext.model.units import size_text, time_text
from whichext.model.view import View
from whichext.report.builds import history_texts, load_text
from whichext.report.document import Document, Lines, Paragraph, Rules, Table, columns, some
from whichext.report.findings import finding_texts
from whichext.report.notes import unfinished
from whichext.report.outcome_words import reason_text
from whichext.toolchains import foreign_libraries
from whichext.toolchains.flags import FLAGS

_MOST_SOURCES = 2
_MOST_FUNCTIONS = 6
# Further settings that are worth a word in a table where they have other values than these.
_USUAL = {
    "assertions": ("on", "off"),
    "C API": ("full",),
    "codegen units": ("default",),
    "math": ("strict",),
    "overflow": ("undefined", "wraps"),
    "panic": ("unwind",),
    "PGO": ("none",),
    "tuning": ("default",),
}


def audit_document(view: View) -> Document:
    """The report of an audit: builds, failures and findings."""
    raw = view.raw
    # Where nothing was looked at, nothing was found either, and that would say too much.
    findings = finding_texts(raw.findings) if raw.findings or raw.evidence else ()
    blocks = (
        _compiled_table(raw.evidence),
        Lines(tuple(_absent(raw.builds))),
        _wheel_table(view),
        Lines(tuple(history_texts(raw.builds))),
        _vector_table(raw.evidence),
        _probe_table(raw.probes),
        _called_table(raw.probes),
        Paragraph("\n".join(_source_texts(raw.evidence))),
        Lines(findings),
    )
    return Document((*unfinished(view), *(block for block in blocks if not _is_empty(block))))


def _is_empty(block: Table | Lines | Paragraph) -> bool:
    match block:
        case Table(rows=content) | Lines(texts=content) | Paragraph(text=content):
            return not content


def _plain(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    """A table without lines: there are several under each other."""
    return Table(columns(*titles), tuple(rows), rules=Rules.NONE)


def _compiled_table(evidence: tuple[Evidence, ...]) -> Table:
    everything = {one.settings for build in evidence for one in build.compiled}
    rows = (row for build in evidence for row in _compiled_rows(build, everything))
    return _plain(("build", "compiler", "told", "sources"), rows)


def _compiled_rows(build: Evidence, everything: Set[Settings]) -> Iterator[tuple[str, ...]]:
    """Each way in which some of its sources were compiled; its name is in the first row."""
    label = code(build.label)
    if not build.compiled:
        yield label, "-", "-", "no compiler was seen"
    for compiled in build.compiled:
        settings = compiled.settings
        sources = some([code(name) for name in compiled.sources], _MOST_SOURCES)
        yield label, foreign(settings.compiler), _told(settings, everything), sources
        label = ""


def _told(settings: Settings, everything: Set[Settings]) -> str:
    """The settings that distinguish it, in few words."""
    alone = settings.told and " " not in settings.told
    told = settings.told if alone else f"-O{settings.level} ({settings.told or 'no level'})"
    parts = [
        told,
        *settings.isa,
        *["OpenMP"] * settings.openmp,
        *[f"LTO {settings.lto}"] * bool(settings.lto),
        *["debug symbols"] * settings.debug_symbols,
        *(f"sanitizer {name}" for name in settings.sanitizers),
        *_further(settings, [one for one in everything if one.language == settings.language]),
    ]
    return ", ".join(parts)


def _further(settings: Settings, alike: Iterable[Settings]) -> Iterator[str]:
    """Further settings that are not the usual ones, or that others of the language have not."""
    alike = tuple(alike)
    for factor in settings.further:
        values = [one.value_of(factor.name) or "" for one in alike]
        if factor.name.endswith(FLAGS):
            words = factor.value.split()
            own = [word for word in words if any(word not in value.split() for value in values)]
            yield from map(foreign, dict.fromkeys(own))
        elif factor.value not in _USUAL.get(factor.name, (factor.value,)) or len({*values}) > 1:
            yield f"{factor.name} {foreign(factor.value)}"


def _absent(builds: tuple[Build, ...]) -> Iterator[str]:
    for build in builds:
        if not isinstance(build.result, Built):
            yield f"{code(f'{build.project} @{build.profile}')}: {reason_text(build.result)}"


def _wheel_table(view: View) -> Table:
    """Size, needs and times of each wheel."""
    titles = ("wheel", "fits", "size", "unpacked", "stripped", "needs", "built in", "again")
    seen = {(one.project, one.profile): one for one in view.raw.evidence}
    rows = (
        _wheel_row(build, build.result, seen[build.project, build.profile])
        for build in view.raw.builds
        if isinstance(build.result, Built) and (build.project, build.profile) in seen
    )
    return _plain(titles, rows)


def _wheel_row(build: Build, result: Built, one: Evidence) -> tuple[str, ...]:
    return (
        code(one.label),
        code(one.tag),
        size_text(result.wheel_bytes),
        size_text(one.file_bytes),
        size_text(one.stripped_bytes),
        " ".join(map(code, foreign_libraries(one.libraries))) or "-",
        time_text(result.build_ns),
        time_text(build.took_ns if result.cached else None),
    )


def _vector_table(evidence: tuple[Evidence, ...]) -> Table:
    """Functions by the width of the vectors that they compute on."""
    rows = (row for build in evidence for row in _vector_rows(build))
    return _plain(("build", "vectors", "functions"), rows)


def _vector_rows(build: Evidence) -> Iterator[tuple[str, ...]]:
    label = code(build.label)
    for width, functions in _by_width(build.libraries).items():
        yield label, f"{width} bits", _functions(functions)
        label = ""
    if label and build.libraries:
        yield label, "-", "no function computes on vectors"


def _by_width(libraries: tuple[Library, ...]) -> dict[int, list[Function]]:
    functions = [function for library in libraries for function in library.functions]
    functions.sort(key=lambda f: (-f.width_bits, -f.instructions))
    found: dict[int, list[Function]] = {}
    for function in functions:
        found.setdefault(function.width_bits, []).append(function)
    return found


def _functions(functions: list[Function]) -> str:
    nameless = "somewhere: the names were stripped"
    names = dict.fromkeys(code(one.name) if one.name else nameless for one in functions)
    return some(list(names), _MOST_FUNCTIONS)


def _probe_table(probes: tuple[Probe, ...]) -> Table:
    """Import time of each entry, its busy threads, and how much of a call it lets others run."""
    rows = (
        (
            code(one.contestant),
            time_text(one.import_ns),
            _busy(one),
            _gil(one),
        )
        for one in probes
    )
    return _plain(("entry", "import", "busy", "GIL"), rows)


def _called_table(probes: tuple[Probe, ...]) -> Table:
    """What entries that are compiled when they are called take to compile, and to load again."""
    rows = (
        (
            code(one.contestant),
            time_text(one.compiling.compile_ns),
            load_text(one.compiling),
        )
        for one in probes
        if one.compiling is not None
    )
    return _plain(("compiled when called", "first call", "from its cache"), rows)


def _busy(probe: Probe) -> str:
    if probe.threads is None:
        return "-"
    return "1 thread" if probe.threads == 1 else f"{probe.threads} threads"


def _gil(probe: Probe) -> str:
    if probe.gil_free is None:
        return f"not seen: {foreign(probe.unseen)}" if probe.unseen else "not seen"
    return f"free {probe.gil_free:.0%}"


def _source_texts(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    """What is in the sources, and what could not be looked at."""
    for project in dict.fromkeys(one.project for one in evidence):
        unsafe = next(one.unsafe for one in evidence if one.project == project)
        if unsafe is not None and not unsafe.places:
            yield f"{code(project)}: no unsafe places"
        elif unsafe is not None:
            without = len(unsafe.unexplained) or "none"
            yield f"{code(project)}: {unsafe.places} unsafe places, {without} without SAFETY:"
    for one in evidence:
        for unseen in one.unseen:
            what, reason = foreign(unseen.what), foreign(unseen.reason)
            yield f"{code(one.label)}: not seen: {what}: {reason}"
        for library in one.libraries:
            if library.functions_unseen:
                what, reason = code(library.file), foreign(library.functions_unseen)
                yield f"{code(one.label)}: not seen: functions of {what}: {reason}"
