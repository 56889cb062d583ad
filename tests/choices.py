"""A kernel to choose from, and what is chosen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from made_kernels import make_kernel
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.contestant import DEBUG, RELEASE, Case, Contestant
from whichext.model.errors import UsageError
from whichext.model.kernel import Entry, Kernel, Project
from whichext.model.options import Options


def project_of(name: str, *entries: Entry) -> Project:
    return Project(
        name=f"{name}_folder",
        folder=Path(name),
        module=name,
        toolchain="cython" if name == "cypy" else "rust",
        needs=(),
        entries=entries,
    )


SERIAL = Entry(function="find_max", factors={"order": "row"})


PARALLEL = Entry(function="find_max_parallel", threads="n_threads")


BY_VARIABLES = Entry(function="find_max_pool", threads="environment")


TWO_PROFILES = Entry(function="find_max", profiles=(RELEASE, DEBUG))


def kernel_of(
    projects: Mapping[str, tuple[Entry, ...]], cases: tuple[str, ...] = ("small",)
) -> Kernel:
    """A kernel of these entries by module, with a reference called numpy."""
    shape = (2, 3)
    return replace(
        make_kernel(*(Case(name=name, shape=shape, dtype="int64") for name in cases)),
        reference_factors={"toolchain": "numpy", "order": "any"},
        projects=tuple(project_of(name, *entries) for name, entries in projects.items()),
    )


RIVALS = kernel_of({"cypy": (TWO_PROFILES, PARALLEL), "rustpy": (SERIAL, BY_VARIABLES)})


CASES = kernel_of({}, cases=("wide", "tall", "wide-float"))


def names(kernel: Kernel, **options: Any) -> list[str]:
    """Names of the contestants that the options give; two threads unless they say otherwise."""
    chosen = choose_contestants(kernel, Options(**{"threads": (2,), **options}))
    return [contestant.name for contestant in chosen]


def chosen_cases(*patterns: str) -> list[str]:
    return [case.name for case in choose_cases(CASES, Options(cases=patterns))]


def only(kernel: Kernel, name: str) -> Contestant:
    """The contestant of that name."""
    found = choose_contestants(kernel, Options(threads=(2,)))
    return next(contestant for contestant in found if contestant.name == name)


def refusal(kernel: Kernel, **options: Any) -> UsageError:
    with pytest.raises(UsageError) as caught:
        choose_contestants(kernel, Options(**{"threads": (2,), **options}))
    return caught.value
