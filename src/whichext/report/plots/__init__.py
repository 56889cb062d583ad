"""Plots of a result: one module for each kind, which finds what it shows and draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from whichext.model.errors import UsageError
from whichext.model.view import View
from whichext.report.document import Plot, listed
from whichext.report.plots import (
    cost,
    crossover,
    ladder,
    roofline,
    samples,
    speedup,
    threads,
    wins,
)
from whichext.report.plots.canvas import check_parts

KINDS: Mapping[str, Callable[[View], Plot | None]] = {
    "speedup": speedup.plot,
    "wins": wins.plot,
    "ladder": ladder.plot,
    "crossover": crossover.plot,
    "threads": threads.plot,
    "roofline": roofline.plot,
    "samples": samples.plot,
    "cost": cost.plot,
}
"""Kinds of plots, in the order of a page."""

_NEEDS = {
    "wins": "at least two cases that raced",
    "ladder": "a speed-up that is explained by two or more single factors",
    "crossover": "a family of at least three cases that raced",
    "threads": "contestants with several threads, and one with one thread",
    "roofline": "a kernel that states the bytes of a call",
    "cost": "a project that was built",
}


def plot_of(view: View, kind: str) -> Plot:
    """The plot of one of the kinds.

    Raises:
        UsageError: The result has nothing to show in it, or plots cannot be drawn here.

    """
    check_parts()
    plot = KINDS[kind](view)
    if plot is None:
        there = [found.kind for found in plots_of(view)]
        raise UsageError(
            f"a plot of the kind {kind}",
            f"ask for {listed(there, last='or')}" if there else "give the result of a race",
            expected=_NEEDS.get(kind, "a result with a race in it"),
            got="one that has nothing to draw in it",
        )
    return plot


def plots_of(view: View) -> Iterator[Plot]:
    """All plots for which a result has the numbers."""
    for find in KINDS.values() if view.raw.timings else ():
        if (plot := find(view)) is not None:
            yield plot
