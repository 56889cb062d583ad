"""Words on the variables of the user's environment that had a say in a build."""

from __future__ import annotations

from whichext.model.finding import SetByEnvironment
from whichext.model.inline import argument, code
from whichext.report.build_words import FindingWords

_MOST_SHOWN = 60


def set_by_environment(finding: SetByEnvironment) -> FindingWords:
    """What was found, why it matters, and what to do."""
    builds, others = (", ".join(map(code, names)) for names in (finding.builds, finding.others))
    return FindingWords(
        what=f"{builds}: built with {shown(finding.variables)} of this environment"
        + (f", and {others} without" if others else ""),
        why="a difference may come from the variables, not from the code"
        if others
        else "where they are not set, pip install builds something else",
        remedy=f"to compare the code, {without_variables(finding.variables)}",
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
