"""Trials: claims with the contestants and cases that they name, and the race for them.

A kernel's own claims are in `claims.toml` of its folder, as their authors stated them. That file
belongs to no digest: a claim that is reworded asks another question of the same measurement.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from whichext.judge.claims.grammar import Claim, parse_claim
from whichext.judge.claims.reader import Word
from whichext.load.kernel import asked_as
from whichext.load.project import read_toml
from whichext.load.revisions import full_names
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.contestant import RELEASE, Contestant, Role, parse_name
from whichext.model.errors import ClaimError, KernelError
from whichext.model.inline import call
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.toolchains.profiles import find_profile, profile_names

FILE = "claims.toml"


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
    """Where it was stated, and by which author; None where that is not given."""
    published: str | None = None
    """The number as it was published; None where that is not given."""
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


def names_in(claims: Sequence[str], kernel: Kernel) -> tuple[str, ...]:
    """The contestants that claims name, as they are written; of the kernel's list without any.

    Raises:
        ClaimError: A claim cannot be read.
        KernelError: There is no list, or something in it is not what it must be.

    """
    texts = claims or tuple(stated.text for stated in _read(kernel.folder / FILE))
    parsed = []
    for text in texts:
        try:
            parsed.append(parse_claim(text))
        except ClaimError:
            if claims:
                raise  # that of a list is raised with its number, when the list is resolved
    return tuple(word.text for one in parsed for word in (one.one, one.other) if word is not None)


def find_trials(claims: Sequence[str], kernel: Kernel, threads: int) -> tuple[Trial, ...]:
    """The claims with what they name; without any, those of the kernel's own list."""
    if not claims:
        return load_claims(kernel, threads)
    parsed = map(parse_claim, claims)
    return tuple(trial for claim in parsed for trial in resolve_claims(claim, kernel, threads))


def resolve_claims(claim: Claim, kernel: Kernel, threads: int) -> tuple[Trial, ...]:
    """Find what a claim names: one trial, or one for each entry of a project at a revision.

    Two such projects are compared entry by entry, as far as both have it.

    Raises:
        ClaimError: It names a contestant or a case that the kernel cannot have.

    """
    ones = full_names(kernel, claim.one.text)
    others = {} if claim.other is None else full_names(kernel, claim.other.text)
    if not ones and not others:
        return (resolve_claim(claim, kernel, threads),)
    first = ones or dict.fromkeys(others, claim.one.text)
    second = others or dict.fromkeys(ones, None if claim.other is None else claim.other.text)
    spelled = [_spelled(claim, first[one], second[one]) for one in first if one in second]
    if not spelled:
        problem = f"{claim.one.text} and {claim.other and claim.other.text} share no entry"
        suggestion = f"the entries to compare, such as {next(iter(first.values()))}"
        raise _unfit(kernel, claim, claim.one, problem, suggestion)
    return tuple(resolve_claim(one, kernel, threads) for one in spelled)


def in_full(text: str, names: Sequence[str]) -> str:
    """A claim with the full names of its contestants, so that it means the same elsewhere.

    Without a thread count, a parallel entry has one thread per processor, whichever machine it is.
    """
    one, *others = names
    return _spelled(parse_claim(text), one, others[0] if others else None).text


def _spelled(claim: Claim, one: str, other: str | None) -> Claim:
    """The claim with full names of contestants."""
    text, named = claim.text, [(claim.one, one)]
    if claim.other is not None and other is not None:
        named.append((claim.other, other))
    for word, name in reversed(named):  # from behind, so that the places in front stay right
        text = f"{text[: word.start]}{name}{text[word.start + len(word.text) :]}"
    return parse_claim(text)


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
        needed=frozenset(name for t in trials for name in t.names),
        baseline=others.pop() if len(others) == 1 else None,
    )


def _contestant(claim: Claim, word: Word, kernel: Kernel, threads: int) -> Contestant:
    usual = Options(entries=("*",), profiles=(RELEASE.name,), threads=(threads,))
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
        problem,
        f"write {suggestion}; {call('list', asked_as(kernel))} shows all entries and cases",
    )


class _Stated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table `[[claim]]`."""

    text: Annotated[str, Meta(min_length=1)]
    source: str = ""
    published: str = ""
    note: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    claim: Annotated[tuple[_Stated, ...], Meta(min_length=1)]


def load_claims(kernel: Kernel, threads: int) -> tuple[Trial, ...]:
    """Read the claims of a kernel.

    Args:
        kernel: Has the folder with the file.
        threads: Thread count of parallel entries that are named without one.

    Raises:
        KernelError: There is no such file, or something in it is not what it must be.

    """
    path = kernel.folder / FILE
    trials: list[Trial] = []
    for number, stated in enumerate(_read(path), start=1):
        try:
            found = resolve_claims(parse_claim(stated.text), kernel, threads)
        except ClaimError as error:
            raise KernelError(
                error.marked_problem, error.marked_next_step, where=f"{path}: claim {number}"
            ) from error
        told = (text or None for text in (stated.source, stated.published, stated.note))
        source, published, note = told
        trials += [replace(one, source=source, published=published, note=note) for one in found]
    return tuple(trials)


def _read(path: Path) -> tuple[_Stated, ...]:
    try:
        content = read_toml(path)
    except OSError as error:
        raise KernelError(
            str(path),
            'write it, with text = "A is faster than B" under [[claim]]',
            expected="a list of claims",
            got=str(error.strerror),
        ) from error
    try:
        return msgspec.convert(content, _File).claim
    except msgspec.ValidationError as error:
        raise KernelError(
            str(error), "it takes [[claim]] with text, source, published, note", where=str(path)
        ) from error
