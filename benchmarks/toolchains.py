"""One function in seven toolchains: how fast a naive and a good entry of each is, and its cost.

    pip install '.[peers]'                # Numba; a toolchain that is absent is a row that says so
    python benchmarks/toolchains.py       # about 10 minutes, most of them for builds
    python benchmarks/toolchains.py page  # only writes the page again

It is one race, `whichext run find_max --set toolchains`; its result goes to
`docs/results/toolchains.json`, and from that `docs/toolchains.md` is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from whichext.model.contestant import Role
from whichext.model.inline import unmarked
from whichext.model.options import Options
from whichext.model.outcome import Built, Measured
from whichext.model.ratio import Ratio
from whichext.model.view import View
from whichext.pipeline import execute
from whichext.report import result_file
from whichext.report.outcome_words import reason_text

COMMAND = "whichext run find_max --set toolchains --profile release --threads 1 --max-time 120"
ASKED = Options(set="toolchains", profiles=("release",), threads=(1,), max_time_s=120)
ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "toolchains.md"
RESULT = ROOT / "docs" / "results" / "toolchains.json"


def main() -> None:
    """Race them, unless only the page is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["page"], help="the page alone")
    if parser.parse_args().what is None:
        result_file.write(execute("find_max", ASKED, command=COMMAND), RESULT)
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """The page, from the kept result alone."""
    view = result_file.read(RESULT)
    machine = view.raw.machine
    lines = [
        "# One function in seven toolchains",
        "",
        "Written by `python benchmarks/toolchains.py` from one race, with one thread each:",
        "",
        f"    {COMMAND}",
        "",
        f"{view.raw.started_at[:10]}, {machine.cpu}, {machine.cores} cores, {machine.isa}, "
        f"{machine.python},",
        f"NumPy {machine.numpy}; noise floor {view.noise_floor or 0:.1%}.",
        "",
        "Each project has `find_max`, the loops that one would write first, and `find_max_tiled`,",
        "the fastest that its toolchain allows; the README of each says how. The limit is",
        "the inputs read once by loops in C: a share over 1 means that an entry reads faster.",
        "",
    ]
    for case, found in view.cases.items():
        lines += [
            f"## {case}: {found.case.summary}",
            "",
            "| contestant | ms | speed-up over NumPy | share of the limit |",
            "|---|---|---|---|",
            *(row(view, case, name) for name in compared(view)),
            "",
        ]
    lines += [
        "## Cost",
        "",
        "The builds are those of the release profile; a build from the cache has its first time.",
        "",
        "| project | wheel, kB | built in, s |",
        "|---|---|---|",
        *costs(view),
        "",
    ]
    return "\n".join(lines)


def compared(view: View) -> Iterator[str]:
    """The reference, and the entries by project."""
    for contestant in view.raw.contestants:
        if contestant.role in (Role.REFERENCE, Role.ENTRY):
            yield contestant.name


def row(view: View, case: str, name: str) -> str:
    """What became of a contestant in a case."""
    outcome = view.cases[case].outcomes[name]
    if not isinstance(outcome, Measured):
        return f"| {name} | {unmarked(reason_text(outcome))} | | |"
    speed = interval(view.cases[case].measured[name].ratio.inverse)
    return f"| {name} | {outcome.median_ns / 1e6:.4g} | {speed} | {interval(outcome.of_limit)} |"


def costs(view: View) -> Iterator[str]:
    """A line for each project that was built."""
    for build in view.raw.builds:
        match build.result:
            case Built(wheel_bytes=size, build_ns=time_ns):
                yield f"| {build.project} | {size / 1e3:.3g} | {time_ns / 1e9:.3g} |"
            case absent:
                yield f"| {build.project} | {unmarked(reason_text(absent))} | |"


def interval(ratio: Ratio | None) -> str:
    """A ratio with its interval."""
    if ratio is None or ratio.low is None:
        return "unresolved"
    return f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]"


if __name__ == "__main__":
    main()
