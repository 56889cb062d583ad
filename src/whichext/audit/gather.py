"""From all calls of a build to the few whose code is in its wheel.

Backends call compilers for many other things: to ask what they can do, and to build what only the
build itself needs. So it starts from the libraries that were linked for Python to load, and goes
back: to their object files and archives, to the sources of these, and to the crates that are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from whichext.audit.calls import LANGUAGES, ArchiverCall, CCall, RustcCall, read_calls
from whichext.audit.settings import c_settings, rust_settings
from whichext.build.recorder import Command
from whichext.model.evidence import Compiled, Settings

Part = tuple[Settings, str]
"""How a source was compiled, and its name."""


def gather(commands: tuple[Command, ...], libraries: Iterable[str]) -> tuple[Compiled, ...]:
    """How the code in a wheel was compiled.

    Args:
        commands: All calls of the build.
        libraries: File names of the compiled libraries in the wheel.

    """
    calls = tuple(read_calls(commands))
    c_calls = [call for call in calls if isinstance(call, CCall)]
    crates = [call for call in calls if isinstance(call, RustcCall)]
    loaded = [call for call in c_calls if call.shared and call.output is not None]
    links = [c for c in loaded if c.output and c.output.name in set(libraries)]
    if not links and not any(crate.shared for crate in crates):
        links = loaded  # a backend that renames what it has linked
    archives = {call.archive: call.members for call in calls if isinstance(call, ArchiverCall)}
    parts = [part for link in links for part in _c_parts(link, c_calls, archives)]
    parts += [part for crate in crates if crate.shared for part in _rust_parts(crate, crates)]
    return _alike(parts)


def _c_parts(
    link: CCall, calls: list[CCall], archives: dict[Path, tuple[Path, ...]]
) -> Iterator[Part]:
    """The sources behind a linked library; one that was compiled twice counts as the last time."""
    written = {output: (call, source) for call in calls for output, source in call.writes().items()}
    for source in link.sources:
        yield _part(link, source)
    for path in _flat(link.objects, archives.get):
        if path in written:
            yield _part(*written[path])


def _part(call: CCall, source: Path) -> Part:
    return c_settings(call, LANGUAGES[source.suffix]), source.name


def _flat(
    paths: tuple[Path, ...], members: Callable[[Path], tuple[Path, ...] | None]
) -> Iterator[Path]:
    """The paths with archives replaced by what is in them."""
    for path in paths:
        inside = members(path)
        if inside is None:
            yield path
        else:
            yield from inside


def _rust_parts(library: RustcCall, crates: list[RustcCall]) -> Iterator[Part]:
    """A library for Python and all crates that it uses; not those of build scripts and macros."""
    by_stem = {crate.file_stem: crate for crate in crates}
    lto = rust_settings(library).lto  # which the library's own call does for all of them
    found: set[str] = set()
    waiting = [library]
    while waiting:
        crate = waiting.pop()
        if crate.file_stem not in found:
            found.add(crate.file_stem)
            yield replace(rust_settings(crate), lto=lto), crate.crate
            # A macro's file ends with .so: it ran in the compiler, and is not in the wheel.
            stems = (Path(name).stem for name in crate.uses if name.endswith((".rlib", ".rmeta")))
            waiting += [by_stem[stem] for stem in stems if stem in by_stem]


def _alike(parts: list[Part]) -> tuple[Compiled, ...]:
    """The parts, put together where the settings are the same."""
    sources: dict[Settings, set[str]] = {}
    for settings, source in parts:
        sources.setdefault(settings, set()).add(source)
    return tuple(
        Compiled(settings=settings, sources=tuple(sorted(sources[settings])))
        for settings in sorted(sources)
    )
