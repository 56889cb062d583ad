"""Contestants, the kernels that they come from, and what is chosen of these."""

from __future__ import annotations

import dataclasses
import itertools
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from whichext.load.kernel import load_kernel
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.case import Case, Layout
from whichext.model.contestant import (
    DEBUG,
    RELEASE,
    Contestant,
    Factor,
    Profile,
    Role,
    parse_name,
)
from whichext.model.errors import UsageError
from whichext.model.evidence import Evidence
from whichext.model.kernel import Entry, Kernel, Project
from whichext.model.options import Options
from whichext.toolchains.profiles import find_profile

BYTES_MOVED, INPUT_BYTES = 4_800, 3_200
"""Of one call in every case: the sums of the inputs are written as well."""


SMALL = Case(name="small", shape=(20, 30), dtype="float64", summary="fits in the first cache")


TALL = Case(name="tall", shape=(1_000_000, 4), dtype="int64", layout=Layout.F)


TWIN = " (A/A twin)"
"""What a twin's name has behind the name of its original."""


def profile_of(name: str) -> Profile:
    """The profile of that name."""
    found = find_profile(name)
    assert found is not None, f"{name!r} is no profile's name"
    return found


def make_contestant(
    name: str, /, *, factors: Mapping[str, str] | None = None, **changes: Any
) -> Contestant:
    """A contestant of that name: "numpy", "rust.total@debug[2]", "numpy (A/A twin)", "limit[2]".

    It declares its toolchain unless other factors are given; `changes` are of other fields.
    """
    original = name.removesuffix(TWIN)
    found = parse_name(original)
    assert found is not None, f"{name!r} is no contestant's name"
    module, _, function = found.entry.rpartition(".")
    declared = {"toolchain": module or "numpy"} if factors is None else factors
    made = Contestant(
        entry=found.entry,
        project="limitprobe" if found.entry == "limit" else module or None,
        module=module or None,
        function=function if module else None,
        profile=profile_of(found.profile or "release"),
        threads=found.threads or 1,
        threads_by="threads" if found.threads is not None else None,
        factors=tuple(Factor(*item) for item in sorted(declared.items())),
        role=_role_of(name),
    )
    return replace(made, **changes)


def _role_of(name: str) -> Role:
    """The role that a name tells; of "numpy" an entry's, unless a test says otherwise."""
    if name.endswith(TWIN):
        return Role.TWIN
    return Role.LIMIT if name.partition("[")[0] == "limit" else Role.ENTRY


def racer(name: str) -> Contestant:
    """A contestant of that name, of an imaginary project."""
    return make_contestant(name, factors={}, project="imaginary", module=name, function="run")


def racers(names: Iterable[str]) -> tuple[Contestant, ...]:
    """One contestant for each name."""
    return tuple(racer(name) for name in names)


def with_factors(name: str, /, idle: Sequence[str] = (), **factors: str) -> Contestant:
    """A contestant of that name that declares these factors and no others."""
    return make_contestant(name, factors=factors, idle=tuple(idle))


def entry_of(build: Evidence, **factors: str) -> Contestant:
    """A contestant `run` of a build, with these factors."""
    return make_contestant(f"{build.project}.run", factors=factors, profile=build.profile)


def imaginary(module: str, function: str, *, threads: int = 1) -> Contestant:
    """A contestant that calls a function of a module of an imaginary project."""
    return make_contestant(f"{module}.{function}", factors={}, project="imaginary", threads=threads)


_numbers = itertools.count()


def write_contestant(folder: Path, code: str, *, threads: int = 1) -> Contestant:
    """A contestant whose module, written into `folder`, is `code`; it calls `run` there."""
    module = f"written_{next(_numbers)}"
    (folder / f"{module}.py").write_text(textwrap.dedent(code), encoding="utf-8")
    return imaginary(module, "run", threads=threads)


REFERENCE = make_contestant("numpy", factors={})


_KERNEL = """
import numpy as np
from pathlib import Path
from whichext import Case, Kernel

def inputs(case):
    {inputs}

def reference({parameters}):
    {reference}

KERNEL = Kernel(
    question="Which one?",
    reference=reference,
    reference_name="numpy",
    inputs=inputs,
    bytes_moved=lambda case: 1,
    dtypes=("float64",),
    refused={refused},
    cases=(
        Case(name="one", shape=(4,), dtype="float64"),
        Case(name="two", shape=(4,), dtype="float64"),
    ),
)
"""


def write_kernel(
    folder: Path,
    *,
    inputs: str = "return (np.ones(case.shape),)",
    reference: str = "return 4.0",
    refused: str = "{}",
    parameters: str = "values",
) -> Kernel:
    """A kernel with cases "one" and "two", written into a folder `tiny` of `folder`.

    The statements of `inputs(case)` and `reference(values)` stand on one line each; `refused` is
    the code of a mapping, `parameters` what the reference takes.
    """
    home = folder / "tiny"
    home.mkdir(exist_ok=True)
    code = _KERNEL.format(
        inputs=inputs, reference=reference, refused=refused, parameters=parameters
    )
    (home / "kernel.py").write_text(code, encoding="utf-8")
    return load_kernel(home)


def case_of(kernel: Kernel, name: str) -> Case:
    """The case of that name."""
    return next(case for case in kernel.cases if case.name == name)


def make_kernel(*cases: Case) -> Kernel:
    """A kernel without a folder whose calls move 4,800 bytes."""
    return Kernel(
        name="total",
        question="How fast is a sum?",
        reference=lambda values: values.sum(axis=1),
        reference_name="numpy",
        inputs=lambda case: (np.zeros(case.shape, case.dtype),),
        cases=cases or (SMALL,),
        dtypes=("float64",),
        bytes_moved=lambda _: BYTES_MOVED,
    )


def make_rivals() -> Kernel:
    """A kernel with cy.total (raced unoptimised too), cy.pool with threads, and rust.total."""
    cases = [Case(name=name, shape=(2, 3), dtype="int64") for name in ("wide", "tall")]
    cases += [Case(name=f"1x{n}", shape=(1, n), dtype="int64", family="sweep") for n in (1, 9)]
    serial, unoptimised = Entry(function="total"), (RELEASE, DEBUG)
    pool = Entry(function="pool", threads="threads")
    entries = {"cy": (Entry(function="total", profiles=unoptimised), pool), "rust": (serial,)}
    projects = tuple(
        Project(
            name=name, folder=Path(name), module=name, toolchain=name, needs=("cc",), entries=own
        )
        for name, own in entries.items()
    )
    return dataclasses.replace(make_kernel(*cases), projects=projects)


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
    return dataclasses.replace(
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
