"""Texts of findings about what was not seen of a build, and what compilers may do with numbers."""

from __future__ import annotations

from dataclasses import dataclass

from whichext.model.finding import CompilerUnseen, ObjectsUnseen, UnlikeMath
from whichext.model.inline import code, foreign
from whichext.report.document import some
from whichext.toolchains import words
from whichext.toolchains.base import Topic

_MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class FindingWords:
    """The text of a finding in parts, without full stops."""

    what: str
    """What was found, on one line."""
    why: str
    """Why it matters."""
    remedy: str
    """What to do."""


def unseen_words(finding: CompilerUnseen | ObjectsUnseen) -> FindingWords:
    """The text of a finding about what no recorded call compiled."""
    found = f"finds on PATH or through {words(Topic.FINDING)}"
    match finding:
        case CompilerUnseen(build=build, needs=needs):
            return FindingWords(
                what=f"{code(build)}: it needs {', '.join(needs)}, and what compiled it was not "
                "seen",
                why="it is not known whether it is built like what it is compared with",
                remedy=f"let the build find its compiler on PATH or through {words(Topic.FINDING)}",
            )
        case ObjectsUnseen(build=build, files=files):
            was = "was" if len(files) == 1 else "were"
            names = some([code(name) for name in files], _MOST_NAMED)
            return FindingWords(
                what=f"{code(build)}: {names} {was} compiled by nothing that was seen",
                why="flags and compiler of that code are not known, so no difference from others "
                "is attributed to anything",
                remedy=f"let the build compile that code with a compiler that it {found}, also "
                "where a script calls one by its path",
            )


def math_words(finding: UnlikeMath) -> FindingWords:
    """The text of a finding about unlike liberties with numbers."""
    groups = "; ".join(
        f"{', '.join(map(code, group.builds))}: {foreign(group.setting)}"
        for group in finding.groups
    )
    return FindingWords(
        what=f"what compilers may do with numbers differs: {groups}",
        why="a difference may come from that, and so may other answers",
        remedy=f"take {words(Topic.LIBERTIES)} out of the flags of all of them, or put it into all",
    )
