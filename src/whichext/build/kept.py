"""Builds in the cache: found and counted, kept with their keys, explained, listed and pruned."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from whichext.build.harmless import shown_value
from whichext.build.key import FORMAT, Asked, key_of, key_parts
from whichext.build.sources import content_of
from whichext.build.store import Store
from whichext.build.way import ISOLATED, Way
from whichext.model.cache import CachedBuild, Pruned
from whichext.model.contestant import Profile
from whichext.model.kernel import Project
from whichext.model.key import How, KeyChange, KeyPart, PartKind, key_changes
from whichext.model.outcome import Built, Tool
from whichext.toolchains.profiles import Telling

_KEY, _USES = "key", "uses"


class Kept(Struct, frozen=True, kw_only=True):
    """What a build is made of; kept beside it when it is done."""

    project: str
    """The project's name."""
    folder: str
    """Where it lies."""
    profile: str
    """The profile's name."""
    parts: tuple[KeyPart, ...]
    """The parts of its key."""

    @property
    def key(self) -> str:
        """Name of the build in the cache."""
        return key_of(self.parts)


class Uses(Struct, frozen=True):
    """How often a build was found in the cache."""

    count: int = 0
    """Without the run that made it."""
    last: str = ""
    """When it was last found."""


def wanted(
    project: Project,
    profile: Profile,
    tools: tuple[Tool, ...],
    telling: Telling,
    store: Store,
    way: Way = ISOLATED,
) -> Kept:
    """What a build would be made of now.

    Args:
        project: The project.
        profile: The profile.
        tools: Compilers with their versions.
        telling: What the build receives under the profile.
        store: Where it would be built.
        way: How it would be built.

    """
    content = content_of(project.folder)
    asked = Asked(
        folder=content.top,
        files=content.files,
        tools=tools + way.found(),
        environment={**os.environ, **telling.variables},
        told={name: "\0".join(flags) for name, flags in telling.flags.items()},
        given=content.said() | way.said(),
        built_in=store.folder,
    )
    return Kept(
        project=project.name,
        folder=_legible(project.folder),
        profile=profile.name,
        parts=key_parts(asked),
    )


def find_again(store: Store, key: str) -> Built | None:
    """A build of the cache, which is counted; None where there is none."""
    found = store.find(key)
    if found is not None:
        before = store.noted(key, _USES, Uses) or Uses()
        store.note(key, _USES, Uses(before.count + 1, now_text()))
    return found


def keep(store: Store, key: str, kept: Kept) -> None:
    """Note what a build was made of."""
    store.note(key, _KEY, kept)


def why_not(store: Store, kept: Kept, environment: Mapping[str, str]) -> tuple[KeyChange, ...]:
    """In what a build differs from the closest one of the project that there is.

    Args:
        store: The cache.
        kept: The build that is wanted.
        environment: The whole environment that it would see.

    """
    builds = [(one, made) for one, made in _all_kept(store) if _is_of(one, kept)]
    if not builds:
        return ()
    ranked = [(key_changes(one.parts, kept.parts), made) for one, made in builds]
    fewest = min(len(changes) for changes, _ in ranked)
    closest, _ = max((one for one in ranked if len(one[0]) == fewest), key=lambda one: one[1])
    return tuple(_with_value(change, environment) for change in closest)


def list_builds(store: Store) -> tuple[CachedBuild, ...]:
    """The builds of a cache, the newest first."""
    found = [build for key in store.names() if (build := read_build(store, key)) is not None]
    return tuple(sorted(found, key=lambda build: build.made, reverse=True))


def read_build(store: Store, key: str) -> CachedBuild | None:
    """A build of the cache; None where it has just been removed."""
    receipt, kept = store.find(key), store.noted(key, _KEY, Kept)
    try:
        made = (receipt and receipt.made) or _text(store.folder.joinpath(key).stat().st_mtime)
        size = store.size_bytes(key)
    except OSError:
        return None
    return CachedBuild(
        key=key,
        project=kept.project if kept else "",
        profile=kept.profile if kept else "",
        folder=kept.folder if kept else "",
        size_bytes=size,
        made=made,
        uses=(store.noted(key, _USES, Uses) or Uses()).count,
        because=receipt.because if receipt else (),
        usable=receipt is not None and kept is not None and _is_current(kept),
    )


def prune(
    store: Store, older_than_days: float | None = None, *, everything: bool = False
) -> Pruned:
    """Remove builds from a cache, and what killed builds left there.

    Args:
        store: The cache.
        older_than_days: Builds that were made so many days ago, or earlier; None for those alone
            that cannot be found again.
        everything: All builds.

    """
    days = older_than_days
    limit = None if days is None else _text((datetime.now(UTC) - timedelta(days=days)).timestamp())
    gone = tuple(
        build
        for build in list_builds(store)
        if everything or not build.usable or (limit is not None and build.made <= limit)
    )
    for build in gone:
        with store.locked(build.key):
            store.remove(build.key)
    return Pruned(builds=gone, left_overs=store.sweep())


def now_text() -> str:
    """The time now, as a receipt has it."""
    return _text(datetime.now(UTC).timestamp())


def _text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _all_kept(store: Store) -> Iterator[tuple[Kept, str]]:
    for key in store.names():
        kept, receipt = store.noted(key, _KEY, Kept), store.find(key)
        if kept is not None and receipt is not None:
            yield kept, receipt.made


def _is_of(one: Kept, kept: Kept) -> bool:
    """Whether a build is one of the same project, which may have been moved."""
    if (one.project, one.profile) != (kept.project, kept.profile):
        return False
    return one.folder == kept.folder or bool(_contents(one) & _contents(kept))


def _contents(kept: Kept) -> set[KeyPart]:
    return {part for part in kept.parts if part.kind is PartKind.CONTENT}


def _is_current(kept: Kept) -> bool:
    return FORMAT in kept.parts


def _with_value(change: KeyChange, environment: Mapping[str, str]) -> KeyChange:
    if change.kind is not PartKind.VARIABLE or change.how is How.REMOVED:
        return change
    value = environment.get(change.name, "")
    return replace(change, value=shown_value(change.name, value))


def _legible(path: Path) -> str:
    return str(path).encode(errors="backslashreplace").decode()
