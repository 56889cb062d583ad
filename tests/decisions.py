"""Races after which somebody has to decide, with times that are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from builders import changed, make_build, make_built, make_contestant, rejudged
from factorial import race_between
from whichext.cli.wording import SHELL
from whichext.judge import judge_again
from whichext.judge.decision import decide as judge_decision
from whichext.model.check import Check
from whichext.model.contestant import Contestant, Role
from whichext.model.decision import MIN_SPEEDUP, Decision
from whichext.model.outcome import Tool
from whichext.model.raw import Build
from whichext.model.view import View
from whichext.report.document import Block, Document
from whichext.report.markdown import render_markdown
from whichext.report.memo import memo_document

Times = Mapping[str, float]

NUMPY = "numpy"
CY, CY2, RS, RS2 = "cy.find", "cy.find[2]", "rs.find", "rs.find[2]"


def built(project: str, *tools: str, seconds: float = 10, wheel_bytes: int = 50_000) -> Build:
    """A build that took these tools."""
    result = replace(
        make_built(),
        tools=tuple(Tool(name, "1.0") for name in tools),
        build_ns=round(seconds * 1e9),
        wheel_bytes=wheel_bytes,
    )
    return make_build(project, result)


BUILDS = (built("cy", "cc", "cython"), built("rs", "cargo", "cc", "rustc", "maturin"))
"""One toolchain, and two."""


def contestant(name: str, requires: Sequence[str] = ()) -> Contestant:
    """A contestant of that name; "numpy" is the reference."""
    made = make_contestant(name)
    role = Role.REFERENCE if name == NUMPY else made.role
    return replace(made, role=role, requires=tuple(requires))


def decide(
    times_ns: Mapping[str, Times],
    *,
    absent: Sequence[str] = (),
    families: Mapping[str, str] | None = None,
    builds: Sequence[Build] = BUILDS,
    checks: Sequence[Check] = (),
    requires: Mapping[str, Sequence[str]] | None = None,
    spread: float = 0.002,
    epochs: int = 10,
    seed: int = 0,
) -> View:
    """The judged result of a race against NumPy.

    Args:
        times_ns: Mean time of a call by case and contestant, ns.
        absent: Who was asked for and did not race.
        families: Of cases that belong to one.
        builds: What became of the projects.
        checks: What verify found.
        requires: Packages that contestants need.
        spread: Of the noise between epochs and between rounds.
        epochs: Sets of fresh processes.
        seed: Of the noise.

    """
    names = dict.fromkeys([NUMPY, *(name for by in times_ns.values() for name in by), *absent])
    contestants = [contestant(name, (requires or {}).get(name, ())) for name in names]
    raced = race_between(contestants, times_ns, spread=spread, epochs=epochs, seed=seed)
    return rejudged(
        changed(
            raced,
            cases=tuple(
                replace(case, family=(families or {}).get(case.name)) for case in raced.raw.cases
            ),
            builds=tuple(builds),
            checks=tuple(checks),
            timings=tuple(
                replace(timing, import_ns=(1_000_000,) * epochs, first_call_ns=(50_000,) * epochs)
                for timing in raced.raw.timings
            ),
        )
    )


def decided(view: View, min_speedup: float = MIN_SPEEDUP) -> View:
    """The result with the decision that follows from all the rest of it, as it is."""
    judged = replace(view.judged, decision=judge_decision(view, min_speedup))
    return View(view.raw, judged)


def decision_of(view: View, min_speedup: float = MIN_SPEEDUP) -> Decision:
    """What to do after a race."""
    found = decided(view, min_speedup).judged.decision
    assert found is not None
    return found


def memo_of(view: View, min_speedup: float = MIN_SPEEDUP) -> str:
    """The memo as the command line prints it."""
    judged = judge_again(view, view.reference.name, min_speedup)
    return render_markdown(memo_document(judged), SHELL)


def markdown_of(blocks: Iterable[Block]) -> str:
    """Blocks of a report as the command line prints them in Markdown, without the last break."""
    return render_markdown(Document(tuple(blocks)), SHELL).removesuffix("\n")
