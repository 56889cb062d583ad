"""What a race needs so that a claim can be held against it: its names, in full, and the options."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from whichext.judge.claims.claim import Claim, Word
from whichext.load.kernel import asked_as
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.contestant import Contestant, Role, parse_name
from whichext.model.errors import ClaimError
from whichext.model.inline import call
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.toolchains.profiles import Profile, profile_names


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A claim with the contestants and cases that it names."""

    claim: Claim
    """The claim."""
    one: Contestant
    """Contestant A."""
    other: Contestant | None
    """Contestant B; None where the claim compares A with nobody."""
    cases: tuple[str, ...]
    """Names of the cases in which it must hold."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of A and, where there is one, B."""
        return tuple(who.name for who in (self.one, self.other) if who is not None)

    @property
    def released(self) -> tuple[str, ...]:
        """Their names under the release's settings."""
        return tuple(who.released for who in (self.one, self.other) if who is not None)


def find_trial(claim: Claim, kernel: Kernel, threads: int) -> Trial:
    """Find what a claim names.

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

    Who is named under other compiler settings than the release brings the release along: the two
    show what the settings alone did. Where all claims compare with the same contestant, that one
    is the baseline, so that the race is as precise as it should be where it matters.
    """
    trials = tuple(trials)
    others = {trial.other.name for trial in trials if trial.other is not None}
    return replace(
        options,
        entries=tuple(dict.fromkeys(n for t in trials for n in (*t.names, *t.released))),
        profiles=(Profile.RELEASE.value,),
        cases=tuple(dict.fromkeys(case for trial in trials for case in trial.cases)),
        baseline=others.pop() if len(others) == 1 else None,
    )


def _contestant(claim: Claim, word: Word, kernel: Kernel, threads: int) -> Contestant:
    usual = Options(profiles=(Profile.RELEASE.value,), threads=(threads,))
    entries = {found.entry: found for found in choose_contestants(kernel, usual)}
    name = parse_name(word.text)
    if name is None or name.entry not in entries:
        raise _unknown(kernel, "contestant", claim, word, list(entries))
    found = entries[name.entry]
    if name.profile is not None and found.role is Role.REFERENCE:
        problem = f"{found.name} is not built, so it has no profile"
        raise _unfit(kernel, claim, word, problem, found.name)
    if name.profile not in (None, *profile_names()):
        full = [f"{found.entry}@{profile}" for profile in profile_names()]
        raise _unknown(kernel, "contestant", claim, word, full)
    if name.threads is not None and not found.parallel:
        raise _unfit(kernel, claim, word, f"{found.name} takes no thread count", found.name)
    return msgspec.structs.replace(
        found, profile=name.profile or found.profile, threads=name.threads or found.threads
    )


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
