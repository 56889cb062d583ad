"""Stage 2, build: every project under every profile asked for, into the cache.

One after the other, since the build time is a result and two builds at once would disturb it.
"""

from __future__ import annotations

import os
import shlex
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec.structs import replace as with_fields

from whichext.build.frontend import Builder, WheelBuildError, build_wheel, hint, last_error
from whichext.build.installers import installer_note
from whichext.build.kept import (
    find_again,
    keep,
    list_builds,
    now_text,
    read_build,
    wanted,
    why_not,
)
from whichext.build.key import sources_of
from whichext.build.places import fit_temporary_files
from whichext.build.reads import changed_reads, note_reads
from whichext.build.recorder import Record
from whichext.build.repository import absent_submodules
from whichext.build.session import Session
from whichext.build.sources import content_files, content_of
from whichext.build.store import Store
from whichext.build.way import ISOLATED, RequirementsAbsentError, Way
from whichext.model.cache import Explained
from whichext.model.contestant import Contestant, Profile
from whichext.model.kernel import Kernel, Project
from whichext.model.options import Options
from whichext.model.outcome import (
    Absence,
    Appended,
    BuildFailed,
    Built,
    NotApplicable,
    Outcome,
    PackageAbsent,
    Tool,
    Variable,
)
from whichext.model.raw import INTERRUPTED, Build, Raw
from whichext.system.progress import Progress, outcome_progress
from whichext.toolchains import find_missing, find_outdated, tool_versions
from whichext.toolchains.base import Sources
from whichext.toolchains.heard import find_unheard
from whichext.toolchains.inherited import accused, inherited, nameless, reaching
from whichext.toolchains.lines import count_lines
from whichext.toolchains.needs import package_versions
from whichext.toolchains.profiles import (
    Telling,
    find_deaf,
    find_profile,
    needs_under,
    telling_of,
)
from whichext.toolchains.zig import find_refused

# Enough for every compiler error of a project, and a result file stays small.
_LOG_CHARACTERS = 20_000
_COPY = "source"  # the folder with the copy, whatever a project's name is


def build_all(
    kernel: Kernel,
    contestants: tuple[Contestant, ...],
    store: Store,
    progress: Progress,
    builder: Builder = build_wheel,
    way: Way = ISOLATED,
) -> Iterator[Build]:
    """Build the projects of the contestants; a failure or an absent toolchain is a result too.

    Their projects and profiles say which builds are needed.
    """
    projects = {project.name: project for project in kernel.projects}
    asked = dict.fromkeys((c.project, c.profile) for c in contestants if c.project)
    store.sweep()
    note = installer_note() if asked else None
    if note is not None:
        progress.note(note)
    with progress.stage("build", len(asked)) as stage:
        for name, profile in asked:
            stage.begin(f"{name} @{profile}")
            build = build_project(projects[name], profile, store, builder, way)
            stage.end(outcome_progress(build.result))
            yield build


def build(session: Session, raw: Raw) -> Raw:
    """Build the projects of the contestants; Ctrl-C ends the stage with the builds so far."""
    builds: list[Build] = []
    stopped = raw.stopped
    try:
        builds.extend(
            build_all(
                session.kernel,
                raw.contestants,
                session.store,
                session.progress,
                *building(session.options),
            )
        )
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    return with_fields(raw, builds=tuple(builds), stopped=stopped)


def building(options: Options) -> tuple[Builder, Way]:
    """The real builder, and how it builds, as the options of a run say."""
    way = Way.of(options)
    return partial(build_wheel, way=way), way


def build_project(
    project: Project,
    profile: Profile,
    store: Store,
    builder: Builder = build_wheel,
    way: Way = ISOLATED,
) -> Build:
    """Build one project under one profile, or find it in the store."""
    start = time.perf_counter_ns()
    tools, missing = _tools(project, profile)
    if missing is not None:
        return Build(project=project.name, profile=profile, result=missing)
    telling = telling_of(profile, project)
    kept = wanted(project, profile, tools, telling, store, way)
    key = kept.key
    with store.locked(key):
        changed = changed_reads(store, key)
        result: Outcome | None = None if changed else find_again(store, key)
        if result is None:
            receipt = Built(
                key=key,
                wheel="",
                wheel_bytes=0,
                build_ns=0,
                tools=tools + way.told(),
                environment=tuple(Variable(*item) for item in sorted(telling.variables.items())),
                inherited=tuple(one for one in inherited() if one.name not in telling.variables),
                made=now_text(),
                because=changed or why_not(store, kept, {**os.environ, **telling.variables}),
            )
            result = _build(project, receipt, telling, store, builder)
            if isinstance(result, Built):
                keep(store, key, kept)
                note_reads(store, key)
    if isinstance(result, Built):
        lines = result.code_lines if result.code_lines is not None else _code_lines(project)
        result = with_fields(result, sources=sources_of(kept.parts), code_lines=lines)
        result = _unheard(project, profile, result, store) or result
    took_ns = time.perf_counter_ns() - start
    return Build(project=project.name, profile=profile, result=result, took_ns=took_ns)


def _unheard(
    project: Project, profile: Profile, built: Built, store: Store
) -> NotApplicable | None:
    """Why a build is not what its profile says, as its recorded calls show."""
    libraries = (path.name for path in store.libraries(built.key))
    sources = Sources(folder=project.folder, files=tuple(content_files(project.folder)))
    return find_unheard(profile, project, store.record(built.key).commands, libraries, sources)


def explain_all(
    projects: Iterable[Project], store: Store, way: Way = ISOLATED
) -> tuple[Explained, ...]:
    """What would become of builds: under the profiles of the entries, and those that are kept."""
    kept = list_builds(store)
    found = []
    with way.compilers(store.folder):
        for project in projects:
            own = [profile for entry in project.entries for profile in entry.profiles]
            names = [build.profile for build in kept if build.folder == str(project.folder)]
            profiles = dict.fromkeys((*own, *filter(None, map(find_profile, sorted(names)))))
            found += [explain(project, profile, store, way) for profile in profiles]
    return tuple(found)


def explain(project: Project, profile: Profile, store: Store, way: Way = ISOLATED) -> Explained:
    """What would become of a build that is asked for now, and why; nothing is built."""
    said = Explained(project=project.name, profile=profile.name)
    tools, missing = _tools(project, profile)
    if missing is not None:
        return with_fields(said, missing=missing)
    telling = telling_of(profile, project)
    kept = wanted(project, profile, tools, telling, store, way)
    changed = changed_reads(store, kept.key)
    if store.find(kept.key) is not None and not changed:
        return with_fields(said, found=read_build(store, kept.key))
    because = changed or why_not(store, kept, {**os.environ, **telling.variables})
    return with_fields(said, because=because)


def _tools(project: Project, profile: Profile) -> tuple[tuple[Tool, ...], Absence | None]:
    """The tools that a build takes, with their versions, or what is missing for it."""
    needs = needs_under(profile, project)
    missing = find_deaf(profile, project) or find_missing(needs)
    tools = () if missing else tool_versions(needs) + package_versions(project.requires)
    return tools, missing or find_outdated(project, tools)


def _build(
    project: Project, receipt: Built, telling: Telling, store: Store, builder: Builder
) -> Outcome:
    """Build a copy of the sources, since backends write into their folder; complete the receipt."""
    with store.workspace() as workspace:
        source = content_of(project.folder).copy_to(workspace / _COPY, project.folder.name)
        log = workspace / "build.log"
        log.touch()
        start = time.perf_counter_ns()
        try:
            with fit_temporary_files(workspace):
                wheel = builder(source, workspace / "wheel", telling, log)
        except RequirementsAbsentError as error:
            quoted = " ".join(map(shlex.quote, error.packages))
            return PackageAbsent(error.packages, f"pip install {quoted}, or build with isolation")
        except WheelBuildError:
            failure = _failure(project, workspace, log)
            return find_refused(failure.error, receipt.tools) or failure
        built = with_fields(
            receipt,
            wheel=wheel.path.name,
            wheel_bytes=wheel.path.stat().st_size,
            build_ns=time.perf_counter_ns() - start - wheel.aside_ns,
            tools=receipt.tools + wheel.tools,
            code_lines=_code_lines(project),
            appended=tuple(_appended(wheel.record)),
        )
        store.add(wheel.path, built, workspace, wheel.record)
    return built


def _code_lines(project: Project) -> int | None:
    return count_lines(project.folder, content_files(project.folder))


def _appended(record: Record) -> Iterator[Appended]:
    """What was appended to how many calls, as they were noted."""
    found = Counter((one.toolchain, one.appended) for one in record.commands if one.appended)
    for (toolchain, flags), calls in sorted(found.items()):
        yield Appended(toolchain, flags, calls)


def _failure(project: Project, workspace: Path, log: Path) -> BuildFailed:
    # The copy is gone when this is read, so its path would only mislead.
    text = log.read_text("utf-8", errors="replace")
    for gone in (f"{workspace}/{_COPY}/", f"{workspace}/"):
        text = text.replace(gone, "")
    error = last_error(text)
    mine = reaching(inherited(), project, ())
    blamed = nameless(mine) or accused(mine, error)
    return BuildFailed(
        error,
        _advice(project, text),
        text[-_LOG_CHARACTERS:],
        inherited=tuple(f"{one.name}={one.value}" for one in blamed or mine),
        blamed=bool(blamed),
    )


def _advice(project: Project, log: str) -> str:
    """A next step; submodules that are not there explain most of what is not found."""
    absent = absent_submodules(project.folder)
    if absent:
        return f"git submodule update --init {shlex.join(absent)}, in {project.folder}"
    return hint(log, str(project.folder))
