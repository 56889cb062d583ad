"""The case that a user of a result means."""

from __future__ import annotations

from collections.abc import Mapping

from whichext.model.errors import UnknownNameError, UsageError
from whichext.model.view import CaseView


def find_case(cases: Mapping[str, CaseView], asked: str | int | None) -> CaseView:
    """The case of that name, or of that size where a size is all that there is of a case.

    Raises:
        UsageError: There is none, or several and none was asked for.

    """
    names = list(cases)
    if asked is None and len(names) == 1:
        return cases[names[0]]
    if asked is None and names:
        what = "there are several cases, and none was named"
        raise UsageError(what, f"give case={names[0]!r}", choices=names)
    if not isinstance(asked, str):
        sized = [name for name in names if [*cases[name].case.params.values()] == [asked]]
        asked = sized[0] if len(sized) == 1 else f"{asked or ''}"
    if asked not in cases:
        problem = "is no case of this result"
        raise UnknownNameError("case", asked, problem, names or ["none"])
    return cases[asked]
