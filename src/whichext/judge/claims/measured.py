"""Claims tested with results alone, without the kernel: they name what the results have."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence

from whichext.judge.claims.grammar import Claim, parse_claim
from whichext.judge.claims.hold import hold
from whichext.judge.claims.reader import Word
from whichext.judge.claims.trials import Trial
from whichext.model.claim import ClaimResult
from whichext.model.contestant import RELEASE, Contestant, parse_name
from whichext.model.errors import ClaimError
from whichext.model.view import View


def hold_in(text: str, views: Sequence[View]) -> tuple[ClaimResult | None, ...]:
    """The claim in each result; None in one that was not asked for what it names.

    Args:
        text: The claim.
        views: The results.

    Raises:
        ClaimError: It cannot be read, or names what none of the results has.

    """
    claim = parse_claim(text)
    entries = (one.entry for view in views for one in view.competing)
    _check(claim, _names(claim), "contestant", lambda word: _is_known(word, views), entries)
    cases = [case for view in views for case in view.raw.cases]
    named = [name for case in cases for name in (case.name, case.family) if name]
    _check(claim, claim.cases, "case", lambda word: word.text in named, named)
    return tuple(_hold(claim, view) for view in views)


def _hold(claim: Claim, view: View) -> ClaimResult | None:
    found = [_contestant(word, view) for word in _names(claim)]
    wanted = {word.text for word in claim.cases}
    cases = tuple(
        case.name
        for case in view.raw.cases
        if not wanted or wanted & {case.name, case.family or case.name}
    )
    known = [one for one in found if one is not None]
    if len(known) < len(found) or not cases:
        return None
    other = known[1] if len(known) > 1 else None
    return hold(Trial(claim=claim, one=known[0], other=other, cases=cases), view)


def _names(claim: Claim) -> tuple[Word, ...]:
    return tuple(word for word in (claim.one, claim.other) if word is not None)


def _contestant(word: Word, view: View) -> Contestant | None:
    """The contestant that a word names in a result; without a thread count, all processors."""
    name = parse_name(word.text)
    if name is None:
        return None
    threads = name.threads or view.raw.machine.cores
    its = (
        one
        for one in view.competing
        if one.entry == name.entry
        and one.profile.name == (name.profile or RELEASE.name)
        and (one.threads == threads if one.parallel else name.threads is None)
    )
    return next(its, None)


def _is_known(word: Word, views: Sequence[View]) -> bool:
    return any(_contestant(word, view) is not None for view in views)


def _check(
    claim: Claim,
    words: Sequence[Word],
    what: str,
    is_known: Callable[[Word], bool],
    names: Iterable[str],
) -> None:
    """Refuse a claim with a name that no result has.

    Raises:
        ClaimError: It has one.

    """
    for word in words:
        if not is_known(word):
            known = list(dict.fromkeys(names))
            close = difflib.get_close_matches(word.text, known, n=3, cutoff=0.0)
            raise ClaimError(
                claim.text,
                word.start,
                len(word.text),
                f"no result has the {what} {word.text!r}",
                f"write {' or '.join(close)}" if close else f"race it: {word.text}",
            )
