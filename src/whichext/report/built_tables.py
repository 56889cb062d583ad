"""What came of the builds, for a terminal: sizes, vectors, and how the entries behave."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from whichext.model.evidence import Evidence, Function, Library, Probe
from whichext.model.outcome import Built
from whichext.model.raw import Build
from whichext.model.units import size_text, time_text
from whichext.toolchains import foreign_libraries

_MOST_NAMED = 6


def plain_table(*columns: str) -> Table:
    """A table without lines: there are several under each other."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def wheel_table(builds: tuple[Build, ...], evidence: tuple[Evidence, ...]) -> Table | None:
    """Size, needs and times of each wheel; None when nothing was built."""
    seen = {(one.project, one.profile): one for one in evidence}
    table = plain_table(
        "wheel", "fits", "size", "unpacked", "stripped", "needs", "built in", "again"
    )
    for build in builds:
        one = seen.get((build.project, build.profile))
        if isinstance(build.result, Built) and one is not None:
            libraries, took_ns = one.libraries, build.took_ns
            row = (
                one.label,
                one.tag,
                size_text(build.result.wheel_bytes),
                size_text(sum(library.file_bytes for library in libraries)) if libraries else "-",
                size_text(sum(lib.stripped_bytes for lib in libraries)) if libraries else "-",
                " ".join(foreign_libraries(one.libraries)) or "-",
                time_text(build.result.build_ns),
                time_text(took_ns) if build.result.cached and took_ns is not None else "-",
            )
            table.add_row(*map(Text, row))
    return table if table.row_count else None


def vector_table(evidence: tuple[Evidence, ...]) -> Table | None:
    """Functions by the width of the vectors that they compute on; None without compiled code."""
    table = plain_table("build", "vectors", "functions")
    for build in evidence:
        label = build.label
        for width, functions in _by_width(build.libraries).items():
            table.add_row(Text(label), Text(f"{width} bits"), Text(_named(functions)))
            label = ""
        if label and build.libraries:
            table.add_row(Text(label), "-", "no function computes on vectors")
    return table if table.row_count else None


def _by_width(libraries: tuple[Library, ...]) -> dict[int, list[Function]]:
    functions = [function for library in libraries for function in library.functions]
    functions.sort(key=lambda f: (-f.width_bits, -f.instructions))
    found: dict[int, list[Function]] = {}
    for function in functions:
        found.setdefault(function.width_bits, []).append(function)
    return found


def _named(functions: list[Function]) -> str:
    names = [function.name or "somewhere: the names were stripped" for function in functions]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def probes_table(probes: tuple[Probe, ...]) -> Table | None:
    """Import time of each entry, its busy threads, and whether it lets others run; or None."""
    table = plain_table("entry", "import", "busy", "GIL")
    for one in probes:
        said = "released" if one.releases_gil else "held"
        if one.releases_gil is None:
            said = f"not seen: {one.unseen}"
        import_time = "-" if one.import_ns is None else time_text(one.import_ns)
        table.add_row(Text(one.contestant), Text(import_time), Text(_busy(one)), Text(said))
    return table if table.row_count else None


def _busy(probe: Probe) -> str:
    if probe.threads is None:
        return "-"
    return "1 thread" if probe.threads == 1 else f"{probe.threads} threads"


def source_lines(evidence: tuple[Evidence, ...]) -> Iterator[Text]:
    """What is in the sources, and what could not be looked at."""
    for project in dict.fromkeys(one.project for one in evidence):
        unsafe = next(one.unsafe for one in evidence if one.project == project)
        if unsafe is not None:
            without = len(unsafe.unexplained) or "none"
            yield Text(f"{project}: {unsafe.places} unsafe places, {without} without SAFETY:")
    for one in evidence:
        for unseen in one.unseen:
            yield Text(f"{one.label}: not seen: {unseen.what}: {unseen.reason}")
        for library in one.libraries:
            if library.functions_unseen:
                reason = library.functions_unseen
                yield Text(f"{one.label}: not seen: functions of {library.file}: {reason}")
