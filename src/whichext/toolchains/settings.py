"""Toggles: one factor, changed for a whole build by the environment alone.

Only factors that compilers are told from outside. What is written in the source, such as the order
of a loop or a lock, can be compared by entries that differ in it and by nothing else.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from whichext.model.kernel import Project
from whichext.model.outcome import NotApplicable

_C_COMPILERS = frozenset({"cc", "c++"})
_ALL_COMPILERS = _C_COMPILERS | {"cargo"}


@dataclass(frozen=True, kw_only=True)
class Toggle:
    """One factor's value and how a build is told of it."""

    factor: str
    """For example "optimisation"."""
    value: str
    """For example "O2"."""
    environment: Mapping[str, str]
    """Variables that the build gets; flags are added to the user's own."""
    compilers: frozenset[str] = field(default=_ALL_COMPILERS)
    """A project needs one of these, or the setting would say nothing to it."""
    toolchain: str = ""
    """The only toolchain that knows the setting; empty where it is the compilers' own."""
    programs: tuple[str, ...] = ()
    """What must be on PATH in place of the usual compilers."""

    @property
    def name(self) -> str:
        """By this it is asked for; it stands behind the @ of a contestant."""
        return f"{self.factor}={self.value}"


def _optimisation() -> Iterator[Toggle]:
    for value, level in (("none", "0"), ("O1", "1"), ("O2", "2"), ("O3", "3")):
        yield Toggle(
            factor="optimisation",
            value=value,
            environment={
                "CFLAGS": f"-O{level}",
                "CXXFLAGS": f"-O{level}",
                "CARGO_PROFILE_RELEASE_OPT_LEVEL": level,
            },
        )


def _isa() -> Iterator[Toggle]:
    """The least processor of this architecture, the levels that it names, and this very one."""
    x86 = {"baseline": "x86-64", **{f"x86-64-v{n}": f"x86-64-v{n}" for n in (2, 3, 4)}}
    names = {
        "x86_64": {value: (name, name) for value, name in x86.items()},
        "aarch64": {"baseline": ("armv8-a", "generic")},
    }.get(platform.machine(), {})
    for value, (march, target_cpu) in {**names, "native": ("native", "native")}.items():
        yield Toggle(
            factor="isa",
            value=value,
            environment={
                "CFLAGS": f"-march={march}",
                "CXXFLAGS": f"-march={march}",
                "RUSTFLAGS": f"-C target-cpu={target_cpu}",
            },
        )


def _bounds() -> Iterator[Toggle]:
    for value, switch in (("checked", True), ("unchecked", False)):
        yield Toggle(
            factor="bounds",
            value=value,
            # What meson runs as Cython; a directive in the head of a .pyx file wins over it.
            environment={"CYTHON": f"cython -X boundscheck={switch}"},
            toolchain="cython",
        )


def _compiler() -> Iterator[Toggle]:
    for value, plus_plus in (("gcc", "g++"), ("clang", "clang++")):
        yield Toggle(
            factor="compiler",
            value=value,
            environment={"CC": value, "CXX": plus_plus},
            compilers=_C_COMPILERS,
            programs=(value,),
        )


TOGGLES: Mapping[str, Toggle] = {
    toggle.name: toggle
    for toggles in (_optimisation(), _isa(), _bounds(), _compiler())
    for toggle in toggles
}
"""All settings that there are, by name, for this architecture."""


def find_toggle(profile: str) -> Toggle | None:
    """The setting that a profile consists of; None for a named profile."""
    return TOGGLES.get(profile)


def needs_under(profile: str, project: Project) -> tuple[str, ...]:
    """What a project needs when it is built under a profile."""
    toggle = find_toggle(profile)
    if toggle is None or not toggle.programs:
        return project.needs
    return (*toggle.programs, *(need for need in project.needs if need not in toggle.compilers))


def find_deaf(profile: str, project: Project) -> NotApplicable | None:
    """Why a setting would say nothing to a project; None where it does, and for named profiles."""
    toggle = find_toggle(profile)
    if toggle is None:
        return None
    needs = set(project.needs)
    # A crate's own code is never compiled by the C compiler that links it.
    told = toggle.compilers & (needs if "cargo" not in needs else {"cargo"})
    if told and toggle.toolchain in ("", project.toolchain):
        return None
    return NotApplicable(toggle.factor, project.toolchain)
