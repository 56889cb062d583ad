"""How near the built-in kernels come to the memory's limit, and how far ahead of NumPy and peers.

    pip install '.[peers]'
    python benchmarks/find_max.py            # all of them, about 15 minutes
    python benchmarks/find_max.py layouts    # one of: layouts, shapes, dtypes, small
    python benchmarks/find_max.py page       # only write the page again, from the kept results

Each is one race as `whichext run` has it; its result goes to
`docs/results/find_max_NAME.json`, and from these `docs/find_max.md` is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from whichext.judge.ratios import direct_ratio
from whichext.model.options import Options
from whichext.model.outcome import Measured
from whichext.model.ratio import Ratio
from whichext.model.view import View
from whichext.pipeline import execute
from whichext.report import result_file

OURS = ("cypy.find_max_tiled", "rustpy.find_max_tiled")
SIBLINGS = (OURS, OURS[::-1])
RACES = {
    "layouts": (
        "The article's array, its transposed view, and the same long columns in C order, with "
        "the peers: 800 MB each, int64.",
        Options(
            cases=("wide", "transposed", "tall"),
            entries=(*OURS, "peers.*"),
            threads=(1, 2),
            max_time_s=240,
        ),
    ),
    "shapes": (
        "Ten million int64 (80 MB), from one long row to one long column, in C and Fortran order.",
        Options(cases=("shapes",), entries=OURS, threads=(1, 2), max_time_s=240),
    ),
    "dtypes": (
        "A hundred million values of other dtypes, with and without NaN, on both layouts.",
        Options(cases=("dtypes",), entries=OURS, threads=(1,), max_time_s=160),
    ),
    "small": (
        "What a call costs when there is little to do.",
        Options(
            cases=("small",),
            entries=(*OURS, "peers.bottleneck*", "peers.numba*"),
            threads=(1,),
            max_time_s=45,
        ),
    ),
}
ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "find_max.md"


def main() -> None:
    """Race what is named, keep the results, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "races", nargs="*", choices=[*RACES, "page", []], help="all of them unless named"
    )
    asked = parser.parse_args().races or RACES
    for name in (name for name in RACES if name in asked):
        command = f"python benchmarks/find_max.py {name}"
        view = execute("find_max", RACES[name][1], command=command)
        result_file.write(view, kept(name))
    PAGE.write_text(page(), "utf-8")


def kept(name: str) -> Path:
    """Where the result of a race is kept."""
    return ROOT / "docs" / "results" / f"find_max_{name}.json"


def page() -> str:
    """The page, from the kept results alone."""
    head = (
        "# find_max at the limit of the memory\n\n"
        "Written by `python benchmarks/find_max.py` from the result files in `results/`. The\n"
        "numbers of a table come from the same rounds of one race, with 95 % intervals.\n\n"
        "- *Share of the limit*: the time in which this machine can read the bytes with the same\n"
        "  number of threads, over the contestant's time.\n"
        "- *Times NumPy*, *times the best peer* (with the same number of threads) and *times its\n"
        "  sibling* (the same code in the other language): speed-ups.\n"
    )
    return head + "".join(section(name) for name in RACES if kept(name).exists())


def section(name: str) -> str:
    """One race: what, where and when, and its table."""
    view = result_file.read(kept(name))
    machine = view.raw.machine
    lines = [
        f"\n## {name.capitalize()}\n",
        f"{fill(RACES[name][0], 100)}\n",
        f"{view.raw.started_at[:10]}, {machine.cpu}, {machine.cores} cores, {machine.isa}, "
        f"{machine.python},\nNumPy {machine.numpy}; noise floor {view.noise_floor or 0:.1%}.\n",
        "| case | contestant | ms | share of the limit | times NumPy | times the best peer "
        "| times its sibling |",
        "|---|---|---|---|---|---|---|",
        *rows(view),
    ]
    return "\n".join(lines) + "\n"


def rows(view: View) -> Iterator[str]:
    """A line of the table for each case and contestant of ours."""
    for case, found in view.cases.items():
        for name, outcome in found.outcomes.items():
            if not name.startswith(OURS) or not isinstance(outcome, Measured):
                continue
            share = interval(outcome.of_limit)
            numpy = times(view, case, name, view.raw.baseline)
            peer = best_peer(view, case, name)
            sibling = next(name.replace(one, other) for one, other in SIBLINGS if one in name)
            yield (
                f"| {case} | {name} | {outcome.median_ns / 1e6:.4g} | {share} | {numpy} "
                f"| {f'{times(view, case, name, peer)} {peer}' if peer else ''} "
                f"| {times(view, case, name, sibling) if sibling in found.measured else ''} |"
            )


def best_peer(view: View, case: str, name: str) -> str:
    """The peer with as many threads that took the least time; empty where there is none."""
    threads = view.contestants[name].threads
    medians = {
        rival: outcome.median_ns
        for rival, outcome in view.cases[case].measured.items()
        if rival.startswith("peers.") and view.contestants[rival].threads == threads
    }
    return min(medians, key=medians.__getitem__, default="")


def times(view: View, case: str, name: str, other: str) -> str:
    """How many times as fast as another contestant, from all rounds that the two share."""
    timings = {timing.contestant: timing for timing in view.raw.timings if timing.case == case}
    ratio = direct_ratio(timings[other], timings[name], view.judged.confidence, noise=None)
    return interval(ratio)


def interval(ratio: Ratio | None) -> str:
    """A ratio with its interval."""
    if ratio is None or ratio.low is None:
        return "unresolved"
    return f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]"


if __name__ == "__main__":
    main()
