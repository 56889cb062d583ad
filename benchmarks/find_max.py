"""How near the built-in kernels come to the memory, and how far ahead of NumPy and the peers.

    pip install 'whichext[peers]'
    python benchmarks/find_max.py            # all of them, about 15 minutes
    python benchmarks/find_max.py layouts    # one of: layouts, shapes, dtypes, small

Each is one race of `compare`, which is `whichext run`; its result goes to
`docs/results/find_max_NAME.json`, and from these `docs/find_max.md` is written anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import msgspec

from whichext import Options, Scorecard, compare
from whichext.judge.ratios import direct_ratio
from whichext.model.outcome import Measured
from whichext.model.ratio import Ratio
from whichext.report.as_json import parse

OURS = ("cypy.find_max_tiled", "rustpy.find_max_tiled")
SIBLINGS = (OURS, OURS[::-1])
RACES = {
    "layouts": (
        "The article's array, its transposed view, and the same long columns in C order, beside "
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
    parser.add_argument("races", nargs="*", choices=[*RACES, []], help="all of them unless named")
    for name in parser.parse_args().races or RACES:
        scorecard = compare("find_max", RACES[name][1])
        # Not indented: a hundred thousand samples, each number on a line, nobody reads as text.
        result_file(name).write_bytes(msgspec.json.encode(scorecard))
    PAGE.write_text(page(), "utf-8")


def result_file(name: str) -> Path:
    """Where the result of a race is kept."""
    return ROOT / "docs" / "results" / f"find_max_{name}.json"


def page() -> str:
    """The page, from the kept results alone."""
    head = (
        "# find_max at the limit of the memory\n\n"
        "Written by `python benchmarks/find_max.py` from the result files in `results/`. *Share of "
        "the limit*: the time in which this machine can read the bytes with as many threads, over "
        "the contestant's time. *Times NumPy* and *times the best peer* (of as many threads): how "
        "many times as fast; *its sibling* is the same in the other language. All with 95 % "
        "intervals, from the same rounds of one race.\n"
    )
    return head + "".join(section(name) for name in RACES if result_file(name).exists())


def section(name: str) -> str:
    """One race: what, where and when, and its table."""
    card = parse(result_file(name).read_bytes(), str(result_file(name)))
    machine = card.machine
    lines = [
        f"\n## {name.capitalize()}\n",
        f"{RACES[name][0]}\n",
        f"{card.started_at[:10]}, {machine.cpu}, {machine.cores} cores, {machine.isa}, "
        f"{machine.python}, NumPy {machine.numpy}; noise floor {card.noise_floor or 0:.1%}.\n",
        "| case | contestant | ms | share of the limit | times NumPy | times the best peer "
        "| times its sibling |",
        "|---|---|---|---|---|---|---|",
        *rows(card),
    ]
    return "\n".join(lines) + "\n"


def rows(card: Scorecard) -> Iterator[str]:
    """A line of the table for each case and contestant of ours."""
    measured = {
        (row.case, row.contestant): row.outcome
        for row in card.rows
        if isinstance(row.outcome, Measured)
    }
    for (case, name), outcome in measured.items():
        if not name.startswith(OURS):
            continue
        share = interval(outcome.of_limit)
        numpy = times(card, case, name, card.baseline)
        peer = best_peer(card, case, name, [other for c, other in measured if c == case])
        sibling = next(name.replace(one, other) for one, other in SIBLINGS if one in name)
        yield (
            f"| {case} | {name} | {outcome.median_ns / 1e6:.4g} | {share} | {numpy} "
            f"| {f'{times(card, case, name, peer)} {peer}' if peer else ''} "
            f"| {times(card, case, name, sibling) if (case, sibling) in measured else ''} |"
        )


def best_peer(card: Scorecard, case: str, name: str, rivals: list[str]) -> str:
    """The peer with as many threads that took the least time; empty where there is none."""
    threads = {c.name: c.threads for c in card.contestants}
    medians = {
        row.contestant: row.outcome.median_ns
        for row in card.rows
        if row.case == case and isinstance(row.outcome, Measured)
    }
    peers = [r for r in rivals if r.startswith("peers.") and threads[r] == threads[name]]
    return min(peers, key=medians.__getitem__, default="")


def times(card: Scorecard, case: str, name: str, other: str) -> str:
    """How many times as fast as another contestant, from the rounds that the two share."""
    timings = {t.contestant: t for t in card.timings if t.case == case}
    return interval(direct_ratio(timings[other], timings[name], card.confidence, noise=None))


def interval(ratio: Ratio | None) -> str:
    """A ratio with its interval."""
    if ratio is None or ratio.low is None:
        return "unresolved"
    return f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]"


if __name__ == "__main__":
    main()
