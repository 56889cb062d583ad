"""Kernels without a folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from builders import BYTES_MOVED, SMALL
from whichext.model.contestant import DEBUG, RELEASE, Case
from whichext.model.kernel import Entry, Kernel, Project


def make_kernel(*cases: Case) -> Kernel:
    """A kernel without a folder whose calls move 4,800 bytes."""
    return Kernel(
        name="total",
        question="How fast is a sum?",
        reference=lambda values: values.sum(axis=1),
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
