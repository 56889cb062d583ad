"""Who has a row in the tables of a memo: of each toolchain, the best."""

from __future__ import annotations

from whichext.judge.candidates import Candidate, Field
from whichext.judge.recommendation import Recommendation


def shown(found: Recommendation) -> tuple[Candidate, ...]:
    """Of each toolchain the best with one thread and with several, and all that are recommended."""
    chosen = {one.name for choice in (found.overall, found.serial) for one in choice.equals}
    best = {
        one.name
        for toolchain in toolchains(found.field)
        for parallel in (False, True)
        for one in best_of(found.field, toolchain, parallel=parallel)
    }
    return tuple(one for one in found.field.candidates if one.name in best | chosen)


def toolchains(field: Field) -> tuple[str, ...]:
    """The toolchains of all candidates, the one of the fastest first."""
    return tuple(dict.fromkeys(one.toolchain for one in field.candidates))


def best_of(field: Field, toolchain: str, *, parallel: bool) -> tuple[Candidate, ...]:
    """The fastest in the mean with that toolchain; none where it has no such candidate."""
    own = (
        one
        for one in field.candidates
        if one.toolchain == toolchain and (one.contestant.threads > 1) is parallel
    )
    return tuple(own)[:1]
