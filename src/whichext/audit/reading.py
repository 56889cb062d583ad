"""What can be read of one build, whatever it is compared with: once, and from then on as JSON.

It depends on the build alone, whose key holds its sources, and on the code that reads it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

from msgspec import Struct

from whichext.audit.gather import gather
from whichext.audit.library import read_library
from whichext.build.key import content_files
from whichext.build.store import Store
from whichext.model.contestant import Profile
from whichext.model.evidence import Compiled, Evidence, Library, UnsafePlaces, Unseen
from whichext.model.kernel import Project
from whichext.model.outcome import Built
from whichext.toolchains import every_toolchain, knowledge_digest, toolchains_of
from whichext.toolchains.base import Sources, Toolchain


class Marked(Struct, frozen=True, kw_only=True):
    """What sources say by themselves: names without suffixes, which what is made of them keeps."""

    parallel: tuple[str, ...] = ()
    """Sources that ask for OpenMP."""
    unoptimised: tuple[str, ...] = ()
    """Sources that take their own optimisation away."""


class Reading(Struct, frozen=True, kw_only=True):
    """What was read of a build."""

    compiled: tuple[Compiled, ...]
    """Every way in which some of its sources were compiled."""
    libraries: tuple[Library, ...]
    """The compiled libraries in the wheel."""
    unsafe: UnsafePlaces | None
    """Its unsafe places."""
    unseen: tuple[Unseen, ...]
    """What could not be looked at, and why."""
    marked: Marked
    """What its sources say by themselves."""

    def evidence(self, project: Project, profile: Profile, built: Built, store: Store) -> Evidence:
        """What is known of how a project was compiled, for a result."""
        record = store.record(built.key)
        return Evidence(
            project=project.name,
            profile=profile,
            compiled=self.compiled,
            tag="-".join(built.wheel.removesuffix(".whl").split("-")[-3:]),
            libraries=self.libraries,
            python_lines=record.python_lines,
            unsafe=self.unsafe,
            unseen=(*self.unseen, *record.unseen),
        )


def read_build(project: Project, built: Built, store: Store) -> Reading:
    """How a build was compiled, what is in its libraries, and what in its sources."""
    name = f"read-{digest(reader_digest(), project.toolchain)}"
    reading = store.noted(built.key, name, Reading)
    if reading is None:
        reading = _read(project, built, store)
        store.note(built.key, name, reading)
    return reading


def read_marks(sources: Sources) -> Marked:
    """What a project's sources say by themselves."""
    parallel, unoptimised = set[str](), set[str]()
    marks = [marks for toolchain in every_toolchain() for marks in toolchain.marks]
    for path in sources.files:
        fitting = [one for one in marks if path.suffix in one.suffixes]
        text = path.read_text("utf-8", "replace") if fitting else ""
        stem = path.name.partition(".")[0]
        if any(one.parallel and one.parallel.search(text) for one in fitting):
            parallel.add(stem)
        if any(one.unoptimised and one.unoptimised.search(text) for one in fitting):
            unoptimised.add(stem)
    return Marked(parallel=tuple(sorted(parallel)), unoptimised=tuple(sorted(unoptimised)))


def _read(project: Project, built: Built, store: Store) -> Reading:
    paths = sorted(store.site(built.key).rglob("*.so"))
    toolchains = _own_first(project)
    read = [read_library(path, toolchains) for path in paths]
    record = store.record(built.key)
    sources = Sources(folder=project.folder, files=tuple(content_files(project.folder)))
    unsafe = (toolchain.find_unsafe(sources) for toolchain in toolchains)
    return Reading(
        compiled=gather(record.commands, {path.name for path in paths}),
        libraries=tuple(one for one in read if isinstance(one, Library)),
        unsafe=next((places for places in unsafe if places is not None), None),
        unseen=tuple(one for one in read if isinstance(one, Unseen)),
        marked=read_marks(sources),
    )


def _own_first(project: Project) -> tuple[Toolchain, ...]:
    """All toolchains: two may have like symbols, and then the project's own is right."""
    own = toolchains_of(project)
    names = {toolchain.name for toolchain in own}
    return (*own, *(one for one in every_toolchain() if one.name not in names))


@cache
def reader_digest() -> str:
    """Hash of the code and the packages that look at a build."""
    code = [path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    packages = [metadata.version(name) for name in ("capstone", "pyelftools")]
    return digest(knowledge_digest(), *code, *packages)


def digest(*parts: str) -> str:
    """Hash of texts, 12 hexadecimal digits."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part.encode())
    return found.hexdigest()[:12]
