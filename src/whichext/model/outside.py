"""Findings on what is set from outside of a project: variables of the environment, and settings."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.severity import Severity


class SetByEnvironment(Struct, frozen=True, kw_only=True, tag=True):
    """Variables of the user's environment had a say in builds."""

    contestants: tuple[str, ...]
    """The contestants whose builds they reached."""
    variables: tuple[str, ...]
    """The variables, as "NAME=value"."""
    builds: tuple[str, ...]
    """Names of these builds."""
    others: tuple[str, ...]
    """Names of the compiled builds in the same comparison that they did not reach."""

    @property
    def severity(self) -> Severity:
        """What reaches all of them alike is no difference between them."""
        return Severity.UNATTRIBUTABLE if self.others else Severity.WARNING


class SettingWithoutEffect(Struct, frozen=True, kw_only=True, tag=True):
    """A build under a setting has the machine code of the build without it."""

    build: str
    """Name of the build."""
    release: str
    """Name of the build without the setting."""

    severity = Severity.WARNING
