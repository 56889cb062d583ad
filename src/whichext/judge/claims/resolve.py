"""From the names in a claim to contestants and cases, and to the race that it takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from whichext.judge.claims.grammar import Claim
from whichext.judge.claims.reader import Word
from whichext.load.kernel import asked_as
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.contestant import RELEASE, Contestant, Role, parse_name
from whichext.model.errors import ClaimError
from whichext.model.inline import call
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.toolchains.profiles import find_profile, profile_names


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A claim with the contestants and cases that it names."""

    claim: Claim
    """The claim."""
    one: Contestant
    """Contestant A."""
    other: Contestant | None
    """Contestant B; None where the claim compares A with no other."""
    cases: tuple[str, ...]
    """Names of the cases in which it must hold."""
    source: str | None = None
    """Where it was stated, and by which author; None where that was not told."""
    published: str | None = None
    """The number as it was published; None where that was not told."""
    note: str | None = None
    """What a reader should know of it; None where there is nothing."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of A and, where there is one, B."""
        return tuple(c.name for c in (self.one, self.other) if c is not None)

    @property
    def released(self) -> tuple[str, ...]:
        """Their names under the release's settings."""
        return tuple(c.released for c in (self.one, self.other) if c is not None)


def resolve_claim(claim: Claim, kernel: Kernel, threads: int) -> Trial:
    """Find the contestants and cases that a claim names.

    Args:
        claim: The claim.
        kernel: Has the entries and cases.
        threads: Thread count of a parallel entry that is named without one.

    Raises:
        ClaimError: It names a contestant or a case that the kernel cannot have.

    """
    one = _contestant(claim, claim.one, kernel, threads)
    other = None if claim.other is None else _contestant(claim, claim.other, kernel, threads)
    if claim.other is not None and other is not None and one.name == other.name:
        problem = f"{one.name} is compared with itself"
        raise _unfit(kernel, claim, claim.other, problem, "another contestant")
    return Trial(claim=claim, one=one, other=other, cases=_cases(claim, kernel))


def race_options(trials: Iterable[Trial], options: Options) -> Options:
    """The options with what the claims need, and nothing else.

    A contestant that is named under other compiler settings than the release brings its release
    along: the two show what the settings alone did. Where all claims compare with the same
    contestant, that one is the baseline, so that the race is most precise where it matters.
    """
    trials = tuple(trials)
    others = {trial.other.name for trial in trials if trial.other is not None}
    return replace(
        options,
        entries=tuple(dict.fromkeys(n for t in trials for n in (*t.names, *t.released))),
        profiles=(RELEASE.name,),
        cases=tuple(dict.fromkeys(case for trial in trials for case in trial.cases)),
        baseline=others.pop() if len(others) == 1 else None,
    )


def _contestant(claim: Claim, word: Word, kernel: Kernel, threads: int) -> Contestant:
    usual = Options(profiles=(RELEASE.name,), threads=(threads,))
    entries = {found.entry: found for found in choose_contestants(kernel, usual)}
    name = parse_name(word.text)
    if name is None or name.entry not in entries:
        raise _unknown(kernel, "contestant", claim, word, list(entries))
    found = entries[name.entry]
    if name.profile is not None and found.role is Role.REFERENCE:
        problem = f"{found.name} is not built, so it has no profile"
        raise _unfit(kernel, claim, word, problem, found.name)
    profile = found.profile if name.profile is None else find_profile(name.profile)
    if profile is None:
        full = [f"{found.entry}@{known}" for known in profile_names()]
        raise _unknown(kernel, "contestant", claim, word, full)
    if name.threads is not None and not found.parallel:
        raise _unfit(kernel, claim, word, f"{found.name} takes no thread count", found.name)
    threads = name.threads or found.threads
    return msgspec.structs.replace(found, profile=profile, threads=threads)


def _cases(claim: Claim, kernel: Kernel) -> tuple[str, ...]:
    names = [case.name for case in kernel.cases]
    families = dict.fromkeys(case.family for case in kernel.cases if case.family)
    for word in claim.cases:
        if word.text not in (*names, *families):
            raise _unknown(kernel, "case", claim, word, [*names, *families])
    wanted = tuple(word.text for word in claim.cases)
    return tuple(case.name for case in choose_cases(kernel, Options(cases=wanted)))


def _unknown(kernel: Kernel, what: str, claim: Claim, word: Word, names: list[str]) -> ClaimError:
    close = difflib.get_close_matches(word.text, names, n=3, cutoff=0.0)
    return _unfit(kernel, claim, word, f"there is no {what} {word.text!r}", " or ".join(close))


def _unfit(kernel: Kernel, claim: Claim, word: Word, problem: str, suggestion: str) -> ClaimError:
    return ClaimError(
        claim.text,
        word.start,
        len(word.text),
        f"the claim names what is not there: {problem}",
        f"write {suggestion}; {call('list', asked_as(kernel))} shows all entries and cases",
    )
