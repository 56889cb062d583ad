"""The article, claim by claim: one race for all of its claims and for what explains them.

    python benchmarks/article.py            # race, keep the results, and write the page: 15 minutes
    python benchmarks/article.py page       # only write the page again, from the kept results

Each race is one of `whichext run`; results go to `docs/results/article_*.json`.
The tables of `docs/article.md` are between marks, and are written again from these files; the words
around them are written by hand.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from whichext import load_kernel
from whichext.cli.wording import SHELL
from whichext.judge.claims.hold import with_claims
from whichext.judge.claims.trials import load_claims, race_options
from whichext.model.claim import Standing, count_standings
from whichext.model.options import Options
from whichext.model.outcome import Built, Measured
from whichext.model.units import size_text, time_text
from whichext.model.view import View
from whichext.pipeline import execute
from whichext.report.claims_tables import claims_table
from whichext.report.document import Block, Document
from whichext.report.explanations import effect_blocks, ladder_blocks
from whichext.report.markdown import render_markdown
from whichext.report.notes import machine_text
from whichext.report.result_file import encode, parse
from whichext.report.text import render_text

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "article.md"
THREADS = 2
EXPLAINING = (
    "cypy.find_max@isa=native",
    "cypy.find_max_tiled@isa=native[1]",
    *(f"{project}.find_max_tiled[{n}]" for project in ("cypy", "rustpy") for n in (1, THREADS)),
)
"""Contestants in no claim, for the ladders from the article's build to the best."""
SQUARE = ("100x100000C", "100x100000F", "100000x100C", "100000x100F")
"""Two problems, each in two orders of memory, with as many values."""
MARKED = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> None:
    """Race, unless only the page is to be written, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["page"], help="all of it unless named")
    if parser.parse_args().what is None:
        for name, options in races().items():
            view = execute("find_max", options, command="python benchmarks/article.py")
            result_file(name).write_bytes(encode(view))
    PAGE.write_text(page(), "utf-8")


def races() -> Mapping[str, Options]:
    """What is raced, by name."""
    trials = load_claims(load_kernel("find_max"), THREADS)
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


def result(name: str) -> View:
    """A kept result."""
    path = result_file(name)
    return parse(path.read_bytes(), str(path))


def held() -> View:
    """The kept race with what became of the claims in it."""
    return with_claims(result("claims"), load_claims(load_kernel("find_max"), THREADS))


def counts() -> str:
    """How many claims came out how."""
    found = count_standings(held().judged.claims)
    return (
        f"Of {sum(found.values())} claims, {found[Standing.HOLDS]} hold, "
        f"{found[Standing.REFUTED]} are refuted and {found[Standing.UNRESOLVED]} stay "
        "unresolved.\n"
    )


def claims() -> str:
    """The table of claims."""
    return render_markdown(claims_table(held()), SHELL)


def ladder() -> str:
    """From the article's build to the best, one factor at a time."""
    return printed(ladder_blocks(result("claims")))


def factors() -> str:
    """Every pair that differs in one factor alone."""
    return printed(effect_blocks(result("claims")))


def square() -> str:
    """Two problems in two orders of memory: each contestant's time over NumPy's."""
    view = result("square")
    lines = ["| contestant | " + " | ".join(f"`{case}`" for case in SQUARE) + " |"]
    lines.append("|---|" + "---|" * len(SQUARE))
    for contestant in ("numpy", "cypy.find_max", "rustpy.find_max"):
        cells = [measured(view, case, contestant) for case in SQUARE]
        lines.append(f"| {contestant} | {' | '.join(cells)} |")
    return "\n".join((*lines, "", where(view))) + "\n"


def measured(view: View, case: str, contestant: str) -> str:
    """A contestant's median time in a case, and its ratio to the baseline's."""
    for row in view.judged.rows:
        if (row.case, row.contestant) == (case, contestant) and isinstance(row.outcome, Measured):
            ratio = "1" if contestant == view.raw.baseline else row.outcome.ratio
            return f"{time_text(row.outcome.median_ns)}, {ratio}"
    return "-"


def cost() -> str:
    """What each project takes to build and to ship."""
    lines = ["| build | time to build | wheel |", "|---|---|---|"]
    for build in result("claims").raw.builds:
        if isinstance(build.result, Built) and build.project in ("cypy", "rustpy"):
            size = size_text(build.result.wheel_bytes)
            took = time_text(build.result.build_ns)
            lines.append(f"| {build.project} @{build.profile} | {took} | {size} |")
    return "\n".join(lines) + "\n"


def first_call() -> str:
    """The first call in a fresh process against those that count, on the article's array."""
    view = result("claims")
    lines = ["| contestant | first call | later ones |", "|---|---|---|"]
    for timing in view.raw.timings:
        if timing.case == "wide" and timing.contestant in FIRST and timing.first_call_ns:
            first = sorted(timing.first_call_ns)[len(timing.first_call_ns) // 2]
            later = measured(view, "wide", timing.contestant).partition(",")[0]
            lines.append(f"| {timing.contestant} | {time_text(first)} | {later} |")
    return "\n".join(lines) + "\n"


FIRST = ("numpy", "cypy.find_max", "cypy.find_max_prange[2]", "rustpy.find_max_disjoint[2]")


def where(view: View) -> str:
    """Where and when a race was."""
    return f"{machine_text(view)}; {view.raw.started_at}."


def printed(blocks: tuple[Block, ...]) -> str:
    """A part of the report, as text."""
    return f"```text\n{render_text(Document(blocks), wording=SHELL)}```\n"


BLOCKS: Mapping[str, Callable[[], str]] = {
    "counts": counts,
    "claims": claims,
    "ladders": ladder,
    "effects": factors,
    "square": square,
    "cost": cost,
    "first_call": first_call,
}
"""The texts between the marks."""

if __name__ == "__main__":
    main()
