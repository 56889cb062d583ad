"""Words arguments and calls as they are typed on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from whichext.model.inline import PYTHON

FLAGS: Mapping[str, str] = {
    "entries": "--entry",
    "cases": "--case",
    "case": "--case",
    "of": "--of",
    "over": "--over",
    "projects": "--project",
    "set": "--set",
    "threads": "--threads",
    "profiles": "--profile",
    "factors": "--factor",
    "isolation": "--no-isolation",
    "config_settings": "--config-setting",
    "compiler": "--compiler",
    "baseline": "--baseline",
    "precision": "--precision",
    "max_time_s": "--max-time",
    "time_limit_s": "--time-limit",
    "memory_limit_bytes": "--memory-limit",
    "save": "-o",
    "resume": "--resume",
    "on": "--result",
    "claims": "--claim",
    "cluster": "--on",
    "spread": "--spread",
    "min_speedup": "--worth",
    "cells": "--cells",
    "to": "--to",
    "quick": "--quick",
    "input": "--input",
    "inputs": "--input",
    "older_than_days": "--older-than",
    "mutates": "--mutates",
    "clean_env": "--clean-env",
    "reference": "--from",
    "args": "--arg",
    "toolchains": "--toolchains",
    "into": "--into",
    "summary": "--summary",
    "line": "--line",
    "yes": "--yes",
}
"""The flag of each argument that the core can name."""


class ShellWording:
    """Arguments and calls as they are typed: `--entry 'rustpy.*'`, `whichext run total`."""

    def argument(self, name: str, value: Any) -> str:
        """A flag with its value, if it has one; Python's words where there is no flag."""
        if name not in FLAGS:
            return PYTHON.argument(name, value)
        alone = value is None or value is True
        return FLAGS[name] if alone else f"{FLAGS[name]} {_quoted(name, value)}"

    def call(self, verb: str, values: tuple[Any, ...], named: Mapping[str, Any]) -> str:
        """A command with its arguments and flags."""
        positional = [_quoted("", value) for value in values]
        flags = [self.argument(name, value) for name, value in named.items()]
        return " ".join(("whichext", verb, *positional, *flags))


SHELL = ShellWording()


def _quoted(name: str, value: Any) -> str:
    """A value as a shell takes it, in the unit of the argument's flag."""
    if isinstance(value, list | tuple):
        value = ",".join(map(str, value))
    elif name == "memory_limit_bytes" and isinstance(value, int | float):
        value = f"{value / 1e9:g}"
    elif isinstance(value, float):
        value = f"{value:g}"
    return shlex.quote(str(value))
