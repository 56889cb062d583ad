"""What it costs a project to have a contestant: toolchains, packages, build time, wheel size."""

from __future__ import annotations

from dataclasses import dataclass

from whichext.model.contestant import Contestant
from whichext.model.outcome import Built, Tool
from whichext.model.scorecard import Scorecard
from whichext.toolchains.profiles import Profile
from whichext.toolchains.programs import COMPANIONS, COMPILERS


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What somebody needs who builds a contestant's project, and who calls it."""

    compilers: tuple[Tool, ...]
    """Programs that whoever builds it must have."""
    packages: tuple[Tool, ...]
    """Python packages that its build fetches by itself."""
    requires: tuple[Tool, ...]
    """Python packages that its users must have as well."""
    build_ns: int
    """Wall time of a build from nothing, ns."""
    wheel_bytes: int
    """Size of the wheel, bytes; without what it requires."""

    @property
    def order(self) -> tuple[int, int, int, int]:
        """What makes it the cheaper one, the weightiest first.

        A toolchain is paid for by whoever builds, on every platform and for good; a package by
        every user. Seconds and kilobytes come after both.
        """
        return len(self.toolchains), len(self.requires), self.build_ns, self.wheel_bytes

    @property
    def toolchains(self) -> tuple[str, ...]:
        """Names of its compilers, without what comes along with one of them."""
        return tuple(tool.name for tool in self.compilers if tool.name not in COMPANIONS)


def find_cost(scorecard: Scorecard, contestant: Contestant) -> Cost:
    """What a contestant that was built costs; one that needs no build costs nothing."""
    place = (contestant.project, Profile.RELEASE)
    builds = (b.result for b in scorecard.builds if (b.project, b.profile) == place)
    result = next(builds, None)
    if not isinstance(result, Built):
        return Cost(compilers=(), packages=(), requires=(), build_ns=0, wheel_bytes=0)
    # A project of several libraries names them all, and each entry requires its own.
    required = {
        name for one in scorecard.contestants if one.project == place[0] for name in one.requires
    }
    programs = COMPILERS | COMPANIONS
    return Cost(
        compilers=tuple(tool for tool in result.tools if tool.name in programs),
        packages=tuple(tool for tool in result.tools if tool.name not in programs | required),
        requires=tuple(tool for tool in result.tools if tool.name in contestant.requires),
        build_ns=result.build_ns,
        wheel_bytes=result.wheel_bytes,
    )
