"""The contestants that every race is measured by: the baseline's twin and the limits."""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec.structs import replace

from whichext.build import build_project, building
from whichext.build.frontend import Builder, build_wheel
from whichext.build.session import Session
from whichext.build.store import Store, find_sites
from whichext.build.way import ISOLATED, Way
from whichext.load.project import load_project
from whichext.model.contestant import RELEASE, Contestant, Factor, Role
from whichext.model.kernel import Project
from whichext.model.options import Options
from whichext.model.outcome import Built
from whichext.model.raw import Raw
from whichext.race import limit as stand_in

LIMIT_FOLDER = Path(__file__).parent / "limit" / "limitprobe"


HARNESS = "nothing"
"""Name of the method that does nothing."""


def line_up(session: Session, raw: Raw) -> Raw:
    """Add the baseline's twin, and the limits where the kernel says what a call must move.

    Of methods, add one that does nothing.
    """
    kernel = session.kernel
    limited, of_methods = kernel.bytes_moved is not None, kernel.stateful is not None
    # Settings are for the backends of the entries.
    how = building(Options(isolation=session.options.isolation))
    return add_yardsticks(raw, session.store, *how, limited=limited, of_methods=of_methods)


def add_yardsticks(
    raw: Raw,
    store: Store,
    builder: Builder = build_wheel,
    way: Way = ISOLATED,
    *,
    limited: bool = True,
    of_methods: bool = False,
) -> Raw:
    """Add the baseline's twin and a limit for every thread count.

    Args:
        raw: The contestants, the baseline first, and their builds.
        store: Where the limit's build is kept, and the twin's copy of the baseline's.
        builder: What builds the limit.
        way: How it builds.
        limited: Whether there is a limit.
        of_methods: Whether the calls are those of methods, and so there is one that does nothing.

    Returns:
        The same with the twin, the limits and the method after the contestants, and with their
        build. NumPy's fastest reader replaces the limit if its build failed, and a function in
        Python the method.

    """
    baseline, sites = raw.contestants[0], find_sites(raw.contestants, raw.builds, store)
    added: list[Contestant] = []
    if baseline.name in sites:
        _copy(sites[baseline.name], store)
        added.append(replace(baseline, role=Role.TWIN))
    if not limited and not of_methods:
        return replace(raw, contestants=(*raw.contestants, *added))
    project = load_project(LIMIT_FOLDER)
    assert project is not None, "the limit's pyproject.toml has a table [tool.whichext]"
    build = build_project(project, RELEASE, store, builder, way)
    counts = sorted({1, *(contestant.threads for contestant in raw.contestants)})
    native = isinstance(build.result, Built)
    added += [_limit(project, threads, native=native) for threads in counts if limited]
    added += [_harness(project, native=native)] * of_methods
    return replace(raw, contestants=(*raw.contestants, *added), builds=(*raw.builds, build))


def _limit(project: Project, threads: int, *, native: bool) -> Contestant:
    return Contestant(
        entry="limit",
        project=project.name,
        module=project.module if native else stand_in.__name__,
        function="read",
        profile=RELEASE,
        threads=threads,
        threads_by="threads",
        factors=(Factor("toolchain", "c" if native else "numpy"),),
        role=Role.LIMIT,
    )


def _harness(project: Project, *, native: bool) -> Contestant:
    return Contestant(
        entry=HARNESS,
        project=project.name,
        module=project.module if native else stand_in.__name__,
        function=HARNESS,
        profile=RELEASE,
        factors=(Factor("toolchain", "c" if native else "python"),),
        role=Role.HARNESS,
    )


def sites_in(raw: Raw, store: Store) -> dict[str, Path | None]:
    """Folder from which each contestant is imported, by name; None for what needs none.

    A contestant that was not built is left out, and so is its twin.
    """
    sites = find_sites(raw.contestants, raw.builds, store)
    for contestant in raw.contestants:
        if contestant.role is Role.TWIN and contestant.original in sites:
            site = sites[contestant.original]
            sites[contestant.name] = None if site is None else _twin_of(site)
        elif not contestant.answers:
            sites.setdefault(contestant.name, None)  # Python where its project did not build
    return sites


def _twin_of(site: Path) -> Path:
    return site.with_name("twin")


def _copy(site: Path | None, store: Store) -> None:
    """Copy a build for the twin, so that its code lies in other pages of memory and cache."""
    if site is None:
        return
    copy = _twin_of(site)
    with store.locked(site.parent.name):
        if not copy.exists():
            partial = site.with_name("twin.partial")
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(site, partial)
            partial.rename(copy)
