"""Who races in what: the contestants and cases that a kernel and the options give."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from whichext.model.contestant import Case, Contestant, Factor, Name, Role, parse_name
from whichext.model.errors import KernelError, UnknownNameError, UsageError, closest
from whichext.model.kernel import Entry, Kernel, Project
from whichext.model.options import Options
from whichext.system.machine import usable_cores
from whichext.toolchains.profiles import Profile, profile_names
from whichext.toolchains.settings import TOGGLES


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
    """Names of the cases that are raced unless told otherwise, and of the smallest of all.

    What a call costs by itself shows where there is next to nothing to do in it.
    """
    usual = (case.name for case in choose_cases(kernel, Options()))
    smallest = min(kernel.cases, key=kernel.bytes_moved)
    return tuple(dict.fromkeys((*usual, smallest.name)))


def choose_contestants(kernel: Kernel, options: Options) -> tuple[Contestant, ...]:
    """The contestants that the options ask for: the baseline first, then the reference.

    These two are there whichever entries are asked for: ratios need the one, and a comparison
    without what everybody has already is not worth reading.

    Raises:
        UsageError: A name or pattern fits nothing, or the baseline is not unique.

    """
    _check_profiles(options.profiles)
    _check_factors(options.factors)
    wishes = {text: _wish(text) for text in options.entries}
    everyone = (_reference(kernel), *_entered(kernel, options, tuple(wishes.values())))
    entries = list(dict.fromkeys(c.entry for c in everyone))
    for text, wish in wishes.items():
        if not any(_fits(c, wish) for c in everyone):
            raise _fits_nothing("entries", text, "entry", entries)
    baseline = _find_baseline(everyone, options.baseline or kernel.reference_name)
    always = dict.fromkeys((baseline, everyone[0]))
    wanted = [c for c in everyone if not wishes or any(_fits(c, w) for w in wishes.values())]
    return tuple(always | dict.fromkeys(wanted))


def _wish(text: str) -> Name:
    """What one text among the entries asks for: a pattern of entries, or of contestants in full."""
    wish = parse_name(text) or Name(text, None, None)
    if wish.profile is not None and wish.profile not in profile_names():
        profile = closest(wish.profile, profile_names())
        raise UnknownNameError(
            "entries",
            text,
            "names no profile behind the @",
            profile_names(),
            suggestion=text.replace(f"@{wish.profile}", f"@{profile}"),
        )
    return wish


def _fits(contestant: Contestant, wish: Name) -> bool:
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
        profile=Profile.RELEASE,
        dtypes=kernel.dtypes,
        factors=_factors(kernel.reference_factors),
        role=Role.REFERENCE,
    )


def _entered(kernel: Kernel, options: Options, wishes: tuple[Name, ...]) -> Iterator[Contestant]:
    """What the options' profiles, factors and threads give, and what wishes name beyond that."""
    for project in kernel.projects:
        for entry in project.entries:
            _check_declared(project, entry)
            name = f"{project.module}.{entry.function}"
            fitting = [wish for wish in wishes if fnmatchcase(name, wish.entry)]
            usual = Name(name, None, None)
            pairs = (_variants(entry, options, wish) for wish in (usual, *fitting))
            for profile, threads in dict.fromkeys(itertools.chain.from_iterable(pairs)):
                yield _contestant(kernel, project, entry, profile, threads)


def _variants(entry: Entry, options: Options, wish: Name) -> Iterator[tuple[str, int]]:
    """Profiles and thread counts that a wish asks for, the options' where it names none."""
    usual = (*(options.profiles or entry.profiles), *options.factors)
    profiles = usual if wish.profile is None else (wish.profile,)
    if entry.threads is None:
        counts: tuple[int, ...] = (1,) if wish.threads is None else ()
    else:
        usual_counts = options.threads or (usable_cores(),)
        counts = usual_counts if wish.threads is None else (wish.threads,)
    return itertools.product(profiles, counts)


def _contestant(
    kernel: Kernel, project: Project, entry: Entry, profile: str, threads: int
) -> Contestant:
    return Contestant(
        entry=f"{project.module}.{entry.function}",
        project=project.name,
        module=project.module,
        function=entry.function,
        profile=profile,
        threads=threads,
        threads_by=entry.threads,
        dtypes=entry.dtypes or kernel.dtypes,
        requires=entry.requires,
        remedy=entry.remedy,
        idle=entry.idle,
        factors=_factors({"toolchain": project.toolchain, **entry.factors}),
    )


def _factors(values: Mapping[str, str]) -> tuple[Factor, ...]:
    return tuple(sorted(Factor(name, value) for name, value in values.items()))


def _find_baseline(everyone: tuple[Contestant, ...], name: str) -> Contestant:
    """The contestant of that name; an entry's name will do where only one contestant has it."""
    found = [c for c in everyone if c.name == name] or [c for c in everyone if c.entry == name]
    if len(found) == 1:
        return found[0]
    names = [c.name for c in found or everyone]
    problem = "names several contestants" if found else "is no contestant"
    suggestion = names[0] if found else ""
    raise UnknownNameError("baseline", name, problem, names, suggestion=suggestion)


def _check_profiles(profiles: tuple[str, ...]) -> None:
    known = [profile.value for profile in Profile]
    for name in profiles:
        if name not in known:
            raise UnknownNameError("profiles", name, "is no profile", known)


def _check_factors(settings: tuple[str, ...]) -> None:
    for name in settings:
        if name not in TOGGLES:
            raise UnknownNameError(
                "factors",
                name,
                "is no setting of a compiler, which alone can be switched from outside",
                list(TOGGLES),
            )


def _check_declared(project: Project, entry: Entry) -> None:
    for name in entry.profiles:
        if name not in profile_names():
            raise KernelError(
                f"profiles of entry {entry.function}",
                f"fix {project.folder / 'pyproject.toml'}",
                where=project.name,
                expected="settings such as isa=native",
                got=name,
                choices=list(Profile),
            )


def _fits_nothing(name: str, pattern: str, what: str, names: list[str]) -> UsageError:
    problem, pattern_too = f"fits no {what}", "a pattern with * or ?"
    return UnknownNameError(name, pattern, problem, names, expected=pattern_too)
