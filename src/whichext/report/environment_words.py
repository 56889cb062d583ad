"""Texts of findings about what is set from outside: variables of the environment, and settings."""

from __future__ import annotations

from whichext.model.finding import SetByEnvironment, SettingWithoutEffect
from whichext.model.inline import argument, code
from whichext.report.build_words import FindingWords
from whichext.toolchains import words
from whichext.toolchains.base import Topic

_MOST_SHOWN = 60


def outside_words(finding: SetByEnvironment | SettingWithoutEffect) -> FindingWords:
    """The text of a finding about what is set from outside."""
    match finding:
        case SetByEnvironment():
            return _set_by_environment(finding)
        case SettingWithoutEffect():
            return _setting_without_effect(finding)


def _set_by_environment(finding: SetByEnvironment) -> FindingWords:
    builds, others = (", ".join(map(code, names)) for names in (finding.builds, finding.others))
    return FindingWords(
        what=f"{builds}: built with {shown(finding.variables)} of this environment"
        + (f", and {others} without" if others else ""),
        why="a difference may come from the variables, not from the code"
        if others
        else "where they are not set, pip install builds something else",
        remedy=f"to compare the code, {without_variables(finding.variables)}",
    )


def _setting_without_effect(finding: SettingWithoutEffect) -> FindingWords:
    build, release = code(finding.build), code(finding.release)
    return FindingWords(
        what=f"{build}: the machine code of {release}, the setting changed nothing",
        why="both are the same contestant, and a ratio between them is noise",
        remedy="look for what overrides the setting in the source or its build files, such as "
        f"{words(Topic.WINNING)}; or the compiler had nothing to change",
    )


def without_variables(variables: tuple[str, ...]) -> str:
    """How to build without variables as "NAME=value"."""
    names = [variable.partition("=")[0] for variable in variables]
    return f"build without {_listed(names)} of this environment: {argument('clean_env', True)}"


def shown(variables: tuple[str, ...]) -> str:
    """The variables with their values, as far as these are short."""
    return _listed([_short(variable) for variable in variables])


def _short(variable: str) -> str:
    return variable if len(variable) <= _MOST_SHOWN else f"{variable[: _MOST_SHOWN - 3]}..."


def _listed(names: list[str]) -> str:
    *most, last = map(code, names)
    return f"{', '.join(most)} and {last}" if most else last
