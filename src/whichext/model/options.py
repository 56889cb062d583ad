"""The options of a run."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_SET = "default"
"""The set of entries that races where none is asked for, and that an entry without sets is in."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a run; the defaults are those of the command line."""

    cases: tuple[str, ...] = ()
    """Names or patterns of cases; empty for all."""
    entries: tuple[str, ...] = ()
    """Names or patterns of entries; empty for all. The baseline always races."""
    set: str | None = None
    """Name of the set of entries; None for the default one, or for all where entries or projects
    are named."""
    projects: tuple[str, ...] = ()
    """Names or patterns of projects, with a revision behind an @, such as "mine@HEAD~3"; empty for
    all as they are."""
    threads: tuple[int, ...] = ()
    """Thread counts of parallel entries; empty for one per usable processor."""
    profiles: tuple[str, ...] = ()
    """Profiles for every entry; empty for those that each entry declares."""
    factors: tuple[str, ...] = ()
    """Single settings, such as "isa=native", under which every entry races as well."""
    compiler: str | None = None
    """The compiler: "zig", or None for the machine's own; zig where it has none."""
    clean_env: bool = False
    """Whether projects are built without the variables of the environment that toolchains read."""
    baseline: str | None = None
    """Name of the contestant that ratios refer to; None for the reference."""
    isolation: bool = True
    """Whether each build gets an environment of its own, or the one that whichext runs in."""
    config_settings: tuple[str, ...] = ()
    """Settings for build backends, such as "setup-args=-Dfast=true"; a name may come again."""
    max_time_s: float = 84.0
    """Wall time that the race may take over all cases, s."""
    thorough: bool = False
    """Whether all is verified that can be, or before a race only what hardly takes any time."""
    time_limit_s: float = 60.0
    """Time that a contestant may take for one answer before it is killed, s."""
    memory_limit_bytes: int | None = None
    """Memory by which a contestant's process may grow while it is verified; None for half of what
    is free."""
    precision: float = 0.01
    """Half-width of an interval near a tie at which a case is done; wider far from it."""
    min_epochs: int = 8
    """Epochs (sets of fresh processes) before a case may stop on precision."""
    max_epochs: int = 1000
    """Sets of fresh processes per case after which it stops anyway."""
    needed: frozenset[str] = frozenset()
    """Names of contestants that take all their turns however slow they are."""
    rounds: int = 8
    """Most rounds in an epoch; slow contestants take part in fewer."""
    freeze: bool = True
    """Whether waiting contestants are frozen; off only to show the effect of that."""
    seed: int = 0
    """Seed of the order of turns."""

    @classmethod
    def quick(cls) -> Options:
        """A fifth of the time, and wider intervals, for a first look."""
        return cls(max_time_s=cls.max_time_s / 5, min_epochs=5)
