"""The article, claim by claim: one race for all of its claims and for what explains them.

    python benchmarks/article.py            # race, keep the results, and write the page: 15 minutes
    python benchmarks/article.py page       # only the page anew, from the kept results

Each race is one of `compare`, which is `whichext run`; results go to `docs/results/article_*.json`.
The tables of `docs/article.md` stand between marks, and are written anew from these files; the
words around them are written by hand.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path

import msgspec
from rich.console import Console, RenderableType

from whichext import Options, Scorecard, compare, load_kernel
from whichext.judge.claims.file import load_claims
from whichext.judge.claims.finding import Standing
from whichext.judge.claims.hold import hold
from whichext.judge.claims.trial import race_options
from whichext.model.outcome import Built, Measured
from whichext.model.units import size_text, time_text
from whichext.report.as_json import parse
from whichext.report.as_text import machine_text
from whichext.report.claims_text import Rows, render_markdown
from whichext.report.why import effects, ladders

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "article.md"
THREADS = 2
EXPLAINING = (
    "cypy.find_max@isa=native",
    "cypy.find_max_tiled@isa=native[1]",
    *(f"{project}.find_max_tiled[{n}]" for project in ("cypy", "rustpy") for n in (1, THREADS)),
)
"""Who is in no claim, and makes the ladders from the article's build to the best."""
SQUARE = ("100x100000C", "100x100000F", "100000x100C", "100000x100F")
"""Two problems, each in two orders of memory, with as many values."""
MARKED = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> None:
    """Race, unless told otherwise, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["page"], help="all of it unless named")
    if parser.parse_args().what is None:
        for name, options in races().items():
            # Not indented: nobody reads a hundred thousand samples as text.
            scorecard = compare("find_max", options, command="python benchmarks/article.py")
            result_file(name).write_bytes(msgspec.json.encode(scorecard))
    PAGE.write_text(page(), "utf-8")


def races() -> Mapping[str, Options]:
    """What is raced, by name."""
    trials = [one.trial for one in load_claims(load_kernel("find_max"), THREADS)]
    claimed = race_options(trials, Options(max_time_s=720))
    return {
        "claims": replace(claimed, entries=(*claimed.entries, *EXPLAINING)),
        "square": Options(
            cases=SQUARE, entries=("cypy.find_max", "rustpy.find_max"), max_time_s=60
        ),
    }


def result_file(name: str) -> Path:
    """Where the result of a race is kept."""
    return ROOT / "docs" / "results" / f"article_{name}.json"


def page() -> str:
    """The page with its tables as the kept results have them."""

    def block(mark: re.Match[str]) -> str:
        return f"{mark[1]}{BLOCKS[mark[2]]()}{mark[3]}"

    return MARKED.sub(block, PAGE.read_text("utf-8"))


def result(name: str) -> Scorecard:
    """A kept result."""
    path = result_file(name)
    return parse(path.read_bytes(), str(path))


def rows() -> Rows:
    """The claims, each with what became of it."""
    listed = load_claims(load_kernel("find_max"), THREADS)
    return [(one.stated, hold(one.trial, result("claims"))) for one in listed]


def counts() -> str:
    """How many claims came out how."""
    found = [finding.standing for _, finding in rows()]
    hold_, refuted, unresolved = (found.count(standing) for standing in Standing)
    return (
        f"Of {len(found)} claims, {hold_} hold, {refuted} are refuted and {unresolved} stay "
        "unresolved.\n"
    )


def claims() -> str:
    """The table of claims."""
    return render_markdown(rows(), result("claims"))


def ladder() -> str:
    """From the article's build to the best, one factor at a time."""
    return printed(ladders(result("claims")))


def factors() -> str:
    """Every pair that differs in one factor alone."""
    return printed(effects(result("claims")))


def square() -> str:
    """Two problems in two orders of memory: each contestant's time over NumPy's."""
    scorecard = result("square")
    lines = ["| contestant | " + " | ".join(f"`{case}`" for case in SQUARE) + " |"]
    lines.append("|---|" + "---|" * len(SQUARE))
    for contestant in ("numpy", "cypy.find_max", "rustpy.find_max"):
        cells = [measured(scorecard, case, contestant) for case in SQUARE]
        lines.append(f"| {contestant} | {' | '.join(cells)} |")
    return "\n".join((*lines, "", where(scorecard))) + "\n"


def measured(scorecard: Scorecard, case: str, contestant: str) -> str:
    """A contestant's median time in a case, and its ratio to the baseline's."""
    for row in scorecard.rows:
        if (row.case, row.contestant) == (case, contestant) and isinstance(row.outcome, Measured):
            ratio = "1" if contestant == scorecard.baseline else row.outcome.ratio
            return f"{time_text(row.outcome.median_ns)}, {ratio}"
    return "-"


def cost() -> str:
    """What each project takes to build and to ship."""
    lines = ["| build | time to build | wheel |", "|---|---|---|"]
    for build in result("claims").builds:
        if isinstance(build.result, Built) and build.project in ("cypy", "rustpy"):
            size = size_text(build.result.wheel_bytes)
            took = time_text(build.result.build_ns)
            lines.append(f"| {build.project} @{build.profile} | {took} | {size} |")
    return "\n".join(lines) + "\n"


def first_call() -> str:
    """The first call in a fresh process against those that count, on the article's array."""
    scorecard = result("claims")
    lines = ["| contestant | first call | later ones |", "|---|---|---|"]
    for timing in scorecard.timings:
        if timing.case == "wide" and timing.contestant in FIRST and timing.first_call_ns:
            first = sorted(timing.first_call_ns)[len(timing.first_call_ns) // 2]
            later = measured(scorecard, "wide", timing.contestant).partition(",")[0]
            lines.append(f"| {timing.contestant} | {time_text(first)} | {later} |")
    return "\n".join(lines) + "\n"


FIRST = ("numpy", "cypy.find_max", "cypy.find_max_prange[2]", "rustpy.find_max_disjoint[2]")


def where(scorecard: Scorecard) -> str:
    """Where and when a race was."""
    return f"{machine_text(scorecard)}; {scorecard.started_at}."


def printed(part: RenderableType | None) -> str:
    """A part of the report, as text."""
    output = StringIO()
    Console(file=output, width=100, highlight=False).print(part)
    lines = [line.rstrip() for line in output.getvalue().splitlines()]
    return "```text\n" + "\n".join(lines).strip("\n") + "\n```\n"


BLOCKS: Mapping[str, Callable[[], str]] = {
    "counts": counts,
    "claims": claims,
    "ladders": ladder,
    "effects": factors,
    "square": square,
    "cost": cost,
    "first_call": first_call,
}
"""What stands between which marks."""

if __name__ == "__main__":
    main()
