"""Who races in what: the contestants and cases that a kernel and the options give."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from whichext.build.profiles import Profile, profile_names
from whichext.build.toggles import TOGGLES
from whichext.contestant import Case, Contestant, Factor, Role
from whichext.errors import KernelError, UsageError
from whichext.kernel import Kernel
from whichext.options import Options
from whichext.project import Entry, Project


def choose_cases(kernel: Kernel, options: Options) -> tuple[Case, ...]:
    """The kernel's cases that the options ask for, in the kernel's order.

    Raises:
        UsageError: A name or pattern fits none of them.

    """
    if not options.cases:
        return tuple(case for case in kernel.cases if not case.family) or kernel.cases
    families = dict.fromkeys(case.family for case in kernel.cases if case.family)
    names = [*(case.name for case in kernel.cases), *families]
    _check_patterns("case", "--case", options.cases, names)
    return tuple(
        case
        for case in kernel.cases
        if _wanted(case.name, options.cases) or case.family in options.cases
    )


def choose_contestants(kernel: Kernel, options: Options) -> tuple[Contestant, ...]:
    """The contestants that the options ask for: the baseline first, then the reference.

    These two are there whatever `--entry` says: ratios need the one, and a comparison that leaves
    out what everybody has already is not worth reading.

    Raises:
        UsageError: A name or pattern fits nothing, or the baseline is not unique.

    """
    _check_profiles(options.profiles)
    _check_factors(options.factors)
    everyone = (_reference(kernel), *_entered(kernel, options))
    _check_patterns(
        "entry", "--entry", options.entries, list(dict.fromkeys(c.entry for c in everyone))
    )
    baseline = _find_baseline(everyone, options.baseline or kernel.reference_name)
    always = dict.fromkeys((baseline, everyone[0]))
    wanted = dict.fromkeys(c for c in everyone if _wanted(c.entry, options.entries))
    return tuple(always | wanted)


def _reference(kernel: Kernel) -> Contestant:
    return Contestant(
        entry=kernel.reference_name,
        project="",
        module="",
        function="",
        profile=Profile.RELEASE,
        dtypes=kernel.dtypes,
        factors=_factors(kernel.reference_factors),
        role=Role.REFERENCE,
    )


def _entered(kernel: Kernel, options: Options) -> Iterator[Contestant]:
    for project in kernel.projects:
        for entry in project.entries:
            _check_declared(project, entry)
            profiles = dict.fromkeys((*(options.profiles or entry.profiles), *options.factors))
            for profile in profiles:
                for threads in (1,) if entry.threads is None else options.thread_counts:
                    yield _contestant(kernel, project, entry, profile, threads)


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
        parallel=entry.threads is not None,
        threads_argument="" if entry.threads in (None, "environment") else str(entry.threads),
        dtypes=entry.dtypes or kernel.dtypes,
        requires=entry.requires,
        remedy=entry.remedy or "",
        idle=entry.idle,
        factors=_factors({"toolchain": project.toolchain, **entry.factors}),
    )


def _factors(values: Mapping[str, str]) -> tuple[Factor, ...]:
    return tuple(sorted(Factor(name, value) for name, value in values.items()))


def _wanted(name: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _find_baseline(everyone: tuple[Contestant, ...], name: str) -> Contestant:
    """The contestant of that name; an entry's name will do where only one contestant has it."""
    found = [c for c in everyone if c.name == name] or [c for c in everyone if c.entry == name]
    if len(found) == 1:
        return found[0]
    names = [c.name for c in found or everyone]
    problem = "names several contestants" if found else "is no contestant"
    raise UsageError(
        f"--baseline {name} {problem}: expected one of {', '.join(names)}",
        f"--baseline '{names[0] if found else _closest(name, names)}'",
    )


def _check_profiles(profiles: tuple[str, ...]) -> None:
    known = [profile.value for profile in Profile]
    for name in profiles:
        if name not in known:
            raise UsageError(
                f"--profile {name}: expected one of {', '.join(known)}",
                f"--profile {_closest(name, known)}",
            )


def _check_factors(settings: tuple[str, ...]) -> None:
    for name in settings:
        if name not in TOGGLES:
            factor, _, _ = name.partition("=")
            values = [toggle.value for toggle in TOGGLES.values() if toggle.factor == factor]
            factors = dict.fromkeys(toggle.factor for toggle in TOGGLES.values())
            expected = f"{factor}= with {_or(values)}" if values else f"{_or(list(factors))}"
            raise UsageError(
                f"--factor {name}: expected {expected}; what is written in the source, a compiler "
                "cannot switch",
                f"--factor {_closest(name, list(TOGGLES))}",
            )


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _check_declared(project: Project, entry: Entry) -> None:
    for name in entry.profiles:
        if name not in profile_names():
            raise KernelError(
                f"{project.name}: entry {entry.function}: profiles: expected some of "
                f"{', '.join(Profile)}, or settings such as isa=native, got {name}",
                f"mend {project.folder / 'pyproject.toml'}",
            )


def _check_patterns(what: str, option: str, patterns: tuple[str, ...], names: list[str]) -> None:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise UsageError(
                f"{option} {pattern} fits no {what}: expected one of {', '.join(names)}, "
                "or a pattern with * or ?",
                f"{option} {_closest(pattern, names)}",
            )


def _closest(name: str, names: list[str]) -> str:
    return (difflib.get_close_matches(name, names, n=1, cutoff=0.0) or names)[0]
