"""What races beside the contestants so that they can be judged: an A/A twin and the limits."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from whichext.build import build_project
from whichext.build.frontend import Builder, build_wheel
from whichext.build.store import Store
from whichext.load.project import load_project
from whichext.model.contestant import Contestant, Factor, Role
from whichext.model.outcome import Built
from whichext.model.scorecard import Build
from whichext.race.limit import fallback

Sites = Mapping[str, Path | None]

LIMIT_FOLDER = Path(__file__).parent / "limit" / "limitprobe"


def add_yardsticks(
    contestants: tuple[Contestant, ...],
    sites: Sites,
    store: Store,
    builder: Builder = build_wheel,
) -> tuple[tuple[Contestant, ...], dict[str, Path | None], Build]:
    """Add the baseline's twin and a limit for every thread count.

    Args:
        contestants: Who was asked for, the baseline first.
        sites: Folder of each built contestant's build by name; None for the reference.
        store: Where the limit's build is kept, and the twin's copy of the baseline's.
        builder: What builds the limit.

    Returns:
        The contestants with the yardsticks behind them, the sites with theirs, and what became
        of the limit's build. Where that failed, NumPy's fastest reader stands in.

    """
    baseline, everywhere = contestants[0], dict(sites)
    added: list[Contestant] = []
    if baseline.name in sites:
        twin = msgspec.structs.replace(baseline, role=Role.TWIN)
        everywhere[twin.name] = _copied(sites[baseline.name], store)
        added.append(twin)
    project = load_project(LIMIT_FOLDER)
    assert project is not None, "the limit's pyproject.toml has a table [tool.whichext]"
    build = build_project(project, "release", store, builder)
    native = isinstance(build.result, Built)
    site = store.site(build.result.key) if isinstance(build.result, Built) else None
    for threads in sorted({1, *(contestant.threads for contestant in contestants)}):
        limit = Contestant(
            entry="limit",
            project=project.name,
            module=project.module if native else fallback.__name__,
            function="read",
            profile="release",
            threads=threads,
            threads_by="threads",
            factors=(Factor("toolchain", "c" if native else "numpy"),),
            role=Role.LIMIT,
        )
        everywhere[limit.name] = site
        added.append(limit)
    return (*contestants, *added), everywhere, build


def _copied(site: Path | None, store: Store) -> Path | None:
    """A copy of a build for the twin, so that its code lies in other pages of memory and cache."""
    if site is None:
        return None
    copy = site.with_name("twin")
    with store.locked(site.parent.name):
        if not copy.exists():
            partial = site.with_name("twin.partial")
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(site, partial)
            partial.rename(copy)
    return copy
