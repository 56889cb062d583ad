"""The options of a race that commands have beside their own, as one value."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, NamedTuple

from whichext.cli.arguments import (
    USUAL,
    Building,
    CleanEnv,
    Compiler,
    ConfigSettings,
    MaxTime,
    NoIsolation,
    Precision,
    Quick,
    instead_of_a_race,
    race_options,
)
from whichext.model.options import Options
from whichext.model.view import View


class Race(NamedTuple):
    """How a race is to be, as it was typed."""

    max_time: float | None = None
    """Most time of it, s; None for the usual one."""
    precision: str | None = None
    """The share at which it stops; None for the usual one."""
    quick: bool = False
    """Whether it has a fifth of the time."""
    building: Building = USUAL
    """How projects are built for it."""

    def options(self) -> Options:
        """The same as options of a run."""
        building = self.building.options()
        return race_options(self.max_time, self.precision, quick=self.quick, **building)

    def or_result(self, file: Path | None, **said: object) -> View | None:
        """The content of a result file; None if there is no file, so that a race is needed.

        Args:
            file: Its path, if one is named.
            **said: Other options of a race, by the names of their arguments.

        Raises:
            UsageError: A file is named together with options of a race.

        """
        own = {"max_time_s": self.max_time, "precision": self.precision, "quick": self.quick}
        return instead_of_a_race(file, **own, **self.building.said(), **said)


def _race(
    *,
    max_time: MaxTime = None,
    precision: Precision = None,
    quick: Quick = False,
    compiler: Compiler = None,
    clean_env: CleanEnv = False,
    no_isolation: NoIsolation = False,
    config_setting: ConfigSettings = None,
) -> Race:
    """The options, each with its help."""
    building = Building(no_isolation, config_setting, compiler, clean_env)
    return Race(max_time, precision, quick, building)


def with_race(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a race, which it gets as its last argument, `race`."""
    options, own = signature(_race, eval_str=True), signature(command, eval_str=True)
    others = [one for one in own.parameters.values() if one.name != "race"]
    every: list[Parameter] = [*others, *options.parameters.values()]

    @wraps(command)
    def called(**typed: Any) -> None:
        race = _race(**{name: typed.pop(name) for name in options.parameters})
        command(**typed, race=race)

    called.__signature__ = own.replace(parameters=every)  # type: ignore[attr-defined]  # Typer reads it
    called.__annotations__ = {one.name: one.annotation for one in every}
    return called
