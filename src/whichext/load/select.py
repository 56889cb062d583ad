"""Selects the contestants and cases of a kernel that the options name."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from msgspec.structs import replace as with_fields

from whichext.load.asked import check_threads
from whichext.load.revisions import full_names
from whichext.model.case import Case
from whichext.model.contestant import (
    NAMED,
    RELEASE,
    REVISION,
    Contestant,
    Factor,
    Profile,
    Role,
    parse_name,
)
from whichext.model.errors import UnknownNameError, UsageError, closest
from whichext.model.inline import argument
from whichext.model.kernel import Entry, Kernel, Project
from whichext.model.options import DEFAULT_SET, Options
from whichext.model.sets import sets_of
from whichext.system.machine import usable_cores
from whichext.system.progress import Progress
from whichext.toolchains.profiles import find_profile, profile_names, single_settings


def choose_cases(kernel: Kernel, options: Options) -> tuple[Case, ...]:
    """The kernel's cases that the options ask for, in the kernel's order.

    Raises:
        UsageError: A name or pattern fits none of them.

    """
    if not options.cases:
        return tuple(case for case in kernel.cases if not case.family) or kernel.cases
    families = dict.fromkeys(case.family for case in kernel.cases if case.family)
    names = [*(case.name for case in kernel.cases), *families]
    for pattern in options.cases:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise _fits_nothing("cases", pattern, "case", names)
    return tuple(
        case
        for case in kernel.cases
        if case.family in options.cases
        or any(fnmatchcase(case.name, pattern) for pattern in options.cases)
    )


def cases_of_a_decision(kernel: Kernel) -> tuple[str, ...]:
    """Names of the cases that are raced by default, and of the smallest of all.

    What a call costs by itself shows where there is next to nothing to do in it.
    """
    usual = (case.name for case in choose_cases(kernel, Options()))
    smallest = min(kernel.cases, key=kernel.amount_in)
    return tuple(dict.fromkeys((*usual, smallest.name)))


def choose_contestants(kernel: Kernel, options: Options) -> tuple[Contestant, ...]:
    """The contestants that the options ask for: the baseline first, then the reference.

    These two are there whichever entries are asked for: ratios need the one, and a comparison
    without the reference that users already have is not worth reading.

    Raises:
        UsageError: A name, a pattern or a set fits nothing, or the baseline is not unique.

    """
    no_setting = "is no setting of a compiler, which alone can be switched from outside"
    told = Told(
        _profiles("profiles", options.profiles, NAMED, "is no profile"),
        _profiles("factors", options.factors, single_settings(), no_setting),
        options.threads,
    )
    named = {text: full_names(kernel, text).values() or (text,) for text in options.entries}
    wishes = {text: _wish(text) for text in itertools.chain.from_iterable(named.values())}
    everyone = (_reference(kernel), *_entered(kernel, told, tuple(wishes.values())))
    among = _of_set(kernel, options, everyone)
    for text, wish in wishes.items():
        if not any(_fits(c, wish) for c in among):
            what = "entry" + f" of the set {options.set}" * (options.set is not None)
            raise _fits_nothing("entries", text, what, list(dict.fromkeys(c.entry for c in among)))
    baseline = _find_baseline(everyone, options.baseline or kernel.reference_name)
    always = dict.fromkeys((baseline, everyone[0]))
    check_threads(tuple(contestant.threads for contestant in everyone))
    wanted = [c for c in among if not wishes or any(_fits(c, w) for w in wishes.values())]
    return tuple(always | dict.fromkeys(wanted))


def _of_set(
    kernel: Kernel, options: Options, everyone: tuple[Contestant, ...]
) -> tuple[Contestant, ...]:
    """The reference, and the entries among which is chosen.

    Without a set, what is named is looked for among all entries; where nothing is, the default set
    races.
    """
    sets, name = sets_of(kernel), options.set or DEFAULT_SET
    if not sets or (options.set is None and (options.entries or options.projects)):
        return everyone
    if name not in sets:
        raise UnknownNameError("set", name, "is no set of this kernel", list(sets))
    return tuple(c for c in everyone if c.role is Role.REFERENCE or c.entry in sets[name])


def note_threads(contestants: Sequence[Contestant], progress: Progress | None) -> None:
    """Note if more threads are requested than can run at once."""
    most, cores = max(contestant.threads for contestant in contestants), usable_cores()
    if most > cores and progress is not None:
        progress.note(
            f"whichext: {argument('threads', most)}: this machine has {cores} usable "
            f"processor{'s' * (cores != 1)}, which the threads then share. "
            f"Next: for the fastest, {argument('threads', cores)}"
        )


@dataclass(frozen=True)
class Told:
    """What the options say of how entries race."""

    profiles: tuple[Profile, ...]
    """Profiles for every entry; empty for those that each entry declares."""
    settings: tuple[Profile, ...]
    """Single settings under which every entry races as well."""
    threads: tuple[int, ...]
    """Thread counts; empty for one per usable processor."""


@dataclass(frozen=True)
class Wish:
    """What one text among the entries asks for."""

    entry: str
    """A pattern of entries."""
    profile: Profile | None = None
    """The profile; None where it is not said."""
    threads: int | None = None
    """The thread count; None where it is not said."""


def _wish(text: str) -> Wish:
    """What one text among the entries asks for: a pattern of entries, or of contestants in full."""
    name = parse_name(text)
    if name is None:
        return Wish(text)
    if name.profile is None:
        return Wish(name.entry, None, name.threads)
    profile = find_profile(name.profile)
    if profile is None:
        known = closest(name.profile, profile_names())
        raise UnknownNameError(
            "entries",
            text,
            "names no profile behind the @",
            profile_names(),
            suggestion=text.replace(f"@{name.profile}", f"@{known}"),
        )
    return Wish(name.entry, profile, name.threads)


def _fits(contestant: Contestant, wish: Wish) -> bool:
    threads = contestant.threads if contestant.parallel else None
    return (
        fnmatchcase(contestant.entry, wish.entry)
        and wish.profile in (None, contestant.profile)
        and wish.threads in (None, threads)
    )


def _reference(kernel: Kernel) -> Contestant:
    return Contestant(
        entry=kernel.reference_name,
        project=None,
        module=None,
        function=None,
        profile=RELEASE,
        dtypes=kernel.dtypes,
        factors=_factors(kernel.reference_factors),
        role=Role.REFERENCE,
    )


def _entered(kernel: Kernel, told: Told, wishes: tuple[Wish, ...]) -> Iterator[Contestant]:
    """What the options' profiles, factors and threads give, and what wishes name beyond that."""
    for project in kernel.projects:
        for entry in project.entries:
            name = project.entry_name(entry.function)
            fitting = [wish for wish in wishes if fnmatchcase(name, wish.entry)]
            pairs = (_variants(entry, told, wish) for wish in (Wish(name), *fitting))
            for profile, threads in dict.fromkeys(itertools.chain.from_iterable(pairs)):
                yield _contestant(kernel, project, entry, profile, threads)
    for name in kernel.functions:
        yield with_fields(_reference(kernel), entry=name, factors=(), role=Role.ENTRY)


def _variants(entry: Entry, told: Told, wish: Wish) -> Iterator[tuple[Profile, int]]:
    """Profiles and thread counts that a wish asks for, the options' where it names none."""
    usual = (*(told.profiles or entry.profiles), *told.settings)
    profiles = usual if wish.profile is None else (wish.profile,)
    if entry.threads is None:
        counts: tuple[int, ...] = (1,) if wish.threads is None else ()
    else:
        usual_counts = told.threads or (usable_cores(),)
        counts = usual_counts if wish.threads is None else (wish.threads,)
    return itertools.product(profiles, counts)


def _contestant(
    kernel: Kernel, project: Project, entry: Entry, profile: Profile, threads: int
) -> Contestant:
    revision = {} if project.revision is None else {REVISION: project.revision.name}
    return Contestant(
        entry=project.entry_name(entry.function),
        project=project.name,
        module=project.module,
        function=entry.function,
        method=None if kernel.stateful is None else kernel.stateful.method,
        profile=profile,
        threads=threads,
        threads_by=entry.threads,
        dtypes=entry.dtypes or kernel.dtypes,
        requires=entry.requires,
        remedy=entry.remedy,
        single_threaded=entry.single_threaded,
        idle=entry.idle,
        factors=_factors({"toolchain": project.toolchain, **entry.factors, **revision}),
    )


def _factors(values: Mapping[str, str]) -> tuple[Factor, ...]:
    return tuple(sorted(Factor(name, value) for name, value in values.items()))


def _find_baseline(everyone: tuple[Contestant, ...], name: str) -> Contestant:
    """The contestant of that name; an entry's name will do where only one contestant has it.

    So will that of a project at a revision.
    """
    found = [c for c in everyone if c.name == name] or [c for c in everyone if c.entry == name]
    if not found and "@" in name:
        found = [c for c in everyone if c.project == name]
    if len(found) == 1:
        return found[0]
    names = [c.name for c in found or everyone]
    problem = "names several contestants" if found else "is no contestant"
    suggestion = names[0] if found else ""
    raise UnknownNameError("baseline", name, problem, names, suggestion=suggestion)


def _profiles(
    name: str, texts: tuple[str, ...], known: Iterable[Profile], problem: str
) -> tuple[Profile, ...]:
    """The profiles that an argument asks for, all of which must be known."""
    by_name = {profile.name: profile for profile in known}
    for text in texts:
        if text not in by_name:
            raise UnknownNameError(name, text, problem, list(by_name))
    return tuple(by_name[text] for text in texts)


def _fits_nothing(name: str, pattern: str, what: str, names: list[str]) -> UsageError:
    problem, pattern_too = f"fits no {what}", "a pattern with * or ?"
    return UnknownNameError(name, pattern, problem, names, expected=pattern_too)
