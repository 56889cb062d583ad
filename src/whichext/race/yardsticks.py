"""The contestants that every race is measured by: the baseline's twin and the limits."""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec.structs import replace

from whichext.build import build_project
from whichext.build.frontend import Builder, build_wheel
from whichext.build.session import Session
from whichext.build.store import Store, find_sites
from whichext.load.kernel import load_project
from whichext.model.contestant import RELEASE, Contestant, Factor, Role
from whichext.model.outcome import Built
from whichext.model.raw import Raw
from whichext.race import limit as stand_in

LIMIT_FOLDER = Path(__file__).parent / "limit" / "limitprobe"


def line_up(session: Session, raw: Raw) -> Raw:
    """Add the baseline's twin, and the limits where the kernel says what a call must move."""
    return add_yardsticks(raw, session.store, limited=session.kernel.bytes_moved is not None)


def add_yardsticks(
    raw: Raw, store: Store, builder: Builder = build_wheel, *, limited: bool = True
) -> Raw:
    """Add the baseline's twin and a limit for every thread count.

    Args:
        raw: The contestants, the baseline first, and their builds.
        store: Where the limit's build is kept, and the twin's copy of the baseline's.
        builder: What builds the limit.
        limited: Whether there is a limit.

    Returns:
        The same with the twin and limits after the contestants, and with the limit's build. NumPy's
        fastest reader replaces the limit if its build failed.

    """
    baseline, sites = raw.contestants[0], find_sites(raw.contestants, raw.builds, store)
    added: list[Contestant] = []
    if baseline.name in sites:
        _copy(sites[baseline.name], store)
        added.append(replace(baseline, role=Role.TWIN))
    if not limited:
        return replace(raw, contestants=(*raw.contestants, *added))
    project = load_project(LIMIT_FOLDER)
    assert project is not None, "the limit's pyproject.toml has a table [tool.whichext]"
    build = build_project(project, RELEASE, store, builder)
    native = isinstance(build.result, Built)
    for threads in sorted({1, *(contestant.threads for contestant in raw.contestants)}):
        limit = Contestant(
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
        added.append(limit)
    return replace(raw, contestants=(*raw.contestants, *added), builds=(*raw.builds, build))


def sites_in(raw: Raw, store: Store) -> dict[str, Path | None]:
    """Folder from which each contestant is imported, by name; None for what needs none.

    A contestant that was not built is left out, and so is its twin.
    """
    sites = find_sites(raw.contestants, raw.builds, store)
    for contestant in raw.contestants:
        if contestant.role is Role.TWIN and contestant.original in sites:
            site = sites[contestant.original]
            sites[contestant.name] = None if site is None else _twin_of(site)
        elif contestant.role is Role.LIMIT:
            sites.setdefault(contestant.name, None)  # NumPy reads where its project did not build
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
