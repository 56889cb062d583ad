"""Profiles: sets of compiler settings that are applied from outside, compared as values.

A profile says which factors it sets and nothing of how: what a toolchain is told of it, the
toolchain knows. A single setting is a profile too, written `factor=value`: the same source with one
factor changed, which is what shows the effect of that factor.
"""

from __future__ import annotations

from msgspec import Struct

from whichext.model.factor import Factor


class Profile(Struct, frozen=True, omit_defaults=True):
    """A set of compiler settings."""

    name: str
    """By this it is asked for; it stands behind the @ of a contestant."""
    sets: tuple[Factor, ...] = ()
    """The factors that it sets by itself, whatever the project, sorted by name."""
    single: bool = False
    """Whether it is one setting, and not a named set of them."""

    def __str__(self) -> str:
        return self.name

    @classmethod
    def setting(cls, factor: str, value: str) -> Profile:
        """The profile that is one setting."""
        return cls(f"{factor}={value}", (Factor(factor, value),), single=True)


RELEASE = Profile("release")
"""What the project's backend does by itself: what users of a wheel get."""
NATIVE = Profile("native", (Factor("isa", "native"),))
"""Optimised for this very processor; such a wheel may not run on another."""
DEBUG = Profile("debug", (Factor("optimisation", "none"),))
"""No optimisation: what a bare compiler call or an editable install may give."""
CHECKED = Profile(
    "checked",
    (Factor("assertions", "on"), Factor("bounds", "checked"), Factor("overflow", "checked")),
)
"""Optimised, with bounds and overflow checks on: the price of the checks."""

NAMED = (RELEASE, NATIVE, DEBUG, CHECKED)
"""The named profiles."""
